import { Command } from "../deps/commander.ts";
import { writeAtomically } from "../run/files/atomic_file.ts";
import { prepareOutputs } from "../run/files/outputs.ts";
import { newestRun } from "../run/run_folder.ts";
import { text, wholeNumberIn } from "../settings/value_range.ts";
import type { SettingsOf, SettingTable } from "../settings/setting.ts";
import { commonSettings } from "./common_settings.ts";
import { addOptions, readValues } from "./setting_options.ts";
import { createTerminal } from "./terminal.ts";

interface ReportValues {
  readonly out?: string;
  readonly clips: number;
}

const values: SettingsOf<ReportValues> = {
  out: {
    range: text,
    defaultWords: "RUN/report.html, or comparison.html",
    help: "HTML file to write",
    group: "Output",
    placeholder: "file",
  },
  clips: {
    range: wholeNumberIn({ min: 0 }),
    default: 12,
    help: "wrongly named clips to show, with their sound",
    group: "Output",
  },
};

/** The settings of `report`. */
export const reportSettings: readonly SettingTable[] = [values, commonSettings];

/** `report`: a page about a run, or about how several compare. */
export function reportCommand(): Command {
  const command = new Command("report")
    .description("Make a page about a run from its folder, or one that compares several runs")
    .argument("[runs...]", "folders of runs (default: the newest run)")
    .action((runs: string[], _: unknown, command: Command) =>
      runReport(runs, readValues(command, values))
    );
  return addOptions(command, reportSettings);
}

async function runReport(runs: string[], { out, clips }: ReportValues): Promise<void> {
  // Loaded here, as the plotting library would make every other command start later.
  const { createReport } = await import("../report/report.ts");
  const runDirs = runs.length > 0 ? runs : [await newestRun()];
  const path = out ?? (runDirs.length === 1 ? `${runDirs[0]}/report.html` : "comparison.html");
  // The folder of a run is there, or is to be said missing, not made.
  if (out !== undefined) await prepareOutputs([{ setting: "out", path, kind: "file" }]);
  await writeAtomically(path, await createReport(runDirs, { numMistakes: clips }));
  createTerminal().line(`report: ${path}`);
}
