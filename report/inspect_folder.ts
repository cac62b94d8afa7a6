/** The page about a folder of recordings: what is in it, and what training would skip. */
import { basename } from "../deps/std_path.ts";
import type { FrontEnd } from "../pipeline/front_end.ts";
import type { Recording } from "../pipeline/recording.ts";
import { countChart, durationChart } from "./folder_charts.ts";
import { formatDuration, formatShare, holdUnits, plural } from "./format.ts";
import { type Html, html, nameOf } from "./html.ts";
import { figure, renderPage, section, wide } from "./page.ts";
import { skippedTable } from "./skipped_table.ts";
import {
  type Counts,
  describeSurvey,
  type FolderSurvey,
  type InspectFolderOptions,
  surveyFolder,
} from "./survey_folder.ts";

/**
 * Makes the page of a folder: decodes of every recording what training would use of it.
 *
 * @param dir The folder.
 * @param recordings All that it holds, whatever their folders mean.
 * @returns The text of an HTML file.
 */
export async function inspectFolder(
  dir: string,
  recordings: readonly Recording[],
  options: InspectFolderOptions,
): Promise<string> {
  return renderSurvey(await surveyFolder(dir, recordings, options), options.frontEnd);
}

/** The page of a folder that was looked at. @returns The text of an HTML file. */
export function renderSurvey(survey: FolderSurvey, { durationSeconds }: FrontEnd): string {
  const { dir, classes, durations, unknownDurations, remarks } = survey;
  const read = durations.length + unknownDurations;
  const longer = durations.filter((seconds) => seconds > durationSeconds).length;
  return renderPage({
    title: `${basename(dir)} – melstream`,
    header: html`
      <p class="kicker">Recordings</p>
      <h1>${nameOf(basename(dir))}</h1>
      <dl class="numbers">${describeSurvey(survey).map(({ name, figure, note }) =>
        html`
          <div>
            <dt>${name}</dt>
            <dd class="figure">${figure}</dd>
            <dd class="note">${note}</dd>
          </div>
        `
      )}</dl>
    `,
    sections: [
      remarks.length > 0
        ? section(
          "What training would say",
          html`<ul>${remarks.map((line) => html`<li>${holdUnits(line)}</li>`)}</ul>`,
        )
        : undefined,
      renderClasses(classes),
      read > 0
        ? section(
          "Lengths",
          figure(
            wide(durationChart(durations, durationSeconds), "Recordings by length"),
            "Recordings by length",
            `The model uses ${formatDuration(durationSeconds)} of each: ${
              plural(longer, "recording")
            } (${
              formatShare(longer / Math.max(1, durations.length))
            }) are longer and are cut there, shorter ones are padded with silence.`,
          ),
        )
        : undefined,
      read > 0
        ? section(
          "Formats",
          html`<div class="figures">${
            ([["Format", survey.formats], ["Sample rate", survey.sampleRates], [
              "Channels",
              survey.channels,
            ]] as const)
              .map(([title, counts]) =>
                figure(
                  countChart(counts, `recordings by ${title.toLowerCase()}`),
                  title,
                  "Recordings of each kind.",
                )
              )
          }</div>`,
        )
        : undefined,
      renderSkipped(survey),
    ],
    footer: html`<p>Looked at with melstream: the first ${
      formatDuration(durationSeconds)
    } of every recording were decoded.</p>`,
  });
}

function renderClasses(counts: Counts): Html | undefined {
  if (counts.length === 0) return undefined;
  const [largest] = counts, smallest = counts.at(-1)!;
  const total = counts.reduce((sum, [, n]) => sum + n, 0);
  return section(
    "Classes",
    figure(
      wide(countChart(counts, "recordings of each class"), "Recordings of each class"),
      "Recordings of each class",
      html`Always naming the largest class, ${nameOf(largest[0])}, would be right for ${
        formatShare(largest[1] / total)
      } of them. It has ${
        (largest[1] / smallest[1]).toFixed(1)
      } times as many recordings as the smallest, ${nameOf(smallest[0])}.`,
    ),
  );
}

function renderSkipped({ skipped, numSkipped }: FolderSurvey): Html {
  if (numSkipped === 0) {
    return section("What would be skipped", html`<p>Nothing: every recording can be read.</p>`);
  }
  const more = numSkipped > skipped.length ? ` The first ${skipped.length} are named here.` : "";
  return section(
    "What would be skipped",
    html`<p>${plural(numSkipped, "recording")} cannot be read.${more}</p>`,
    skippedTable(skipped),
  );
}
