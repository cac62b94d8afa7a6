/// <reference lib="dom" />
/** Shows a run: where it stands, its curves, and what it came to. */
import { formatDuration, formatShare, holdUnits, plural } from "../../report/format.ts";
import type { HistoryRow } from "../../run/training/train_events.ts";
import { at, element } from "../app/dom.ts";
import type { NewestRun, RunState } from "../training_messages.ts";
import { drawCurves } from "./curves.ts";

/** Whether a run is under way. */
export function isUnderWay(run: RunState | undefined): boolean {
  return run !== undefined && ["starting", "training", "stopping"].includes(run.status);
}

/** Shows a run. @param rows All its epochs. */
export function showRun(run: RunState, rows: readonly HistoryRow[]): void {
  const { name, begun, status, progress, notices } = run, isActive = isUnderWay(run);
  at("run").hidden = false;
  at("under-way").hidden = !isActive;
  at("outcome").hidden = isActive;
  at("run-words").textContent = begun
    ? holdUnits(
      `${begun.data}: ${plural(begun.numClasses, "class", "classes")}, ` +
        `${plural(begun.numTrain, "clip")} to train on, ${begun.numValidation} to validate on. ` +
        `Computed by ${begun.engine}.`,
    )
    : name ?? "";
  const bar = at<HTMLProgressElement>("progress");
  if (progress) bar.value = progress.share;
  else bar.removeAttribute("value");
  at("progress-words").textContent = progress && begun
    ? `Epoch ${progress.epoch} of at most ${begun.epochs}: loss ${progress.loss.toFixed(3)}, ` +
      `accuracy ${formatShare(progress.accuracy)}, ${
        progress.clipsPerSecond.toFixed(0)
      } clips a second. ` +
      `At most ${formatDuration(progress.secondsLeft)} left.`
    : "Reading the recordings…";
  at<HTMLButtonElement>("stop").disabled = status === "stopping";
  at("curves").hidden = rows.length === 0;
  if (begun && rows.length > 0) drawCurves(rows, begun.epochs);
  at("notices").hidden = notices.length === 0;
  const list = at("notice-list");
  if (
    list.childElementCount !== notices.length ||
    list.lastChild?.textContent !== holdUnits(notices.at(-1) ?? "")
  ) {
    list.replaceChildren(...notices.map((line) => element("li", holdUnits(line))));
  }
  if (!isActive) showOutcome(run, rows);
}

function showOutcome(
  { name, status, result, failure }: RunState,
  rows: readonly HistoryRow[],
): void {
  const hasModel = name !== undefined && (result !== undefined || rows.length > 0);
  at("outcome-words").classList.toggle("wrong", status === "failed");
  at("outcome-words").textContent = describeEnd(status, result, failure);
  at("try").hidden = !hasModel;
  at("report").hidden = !result;
  at("go-on").hidden = status !== "stopped" || name === undefined;
  at("serve-words").textContent = result && name
    ? `For programs: melstream serve --model runs/${name}`
    : "";
  if (name === undefined) return;
  at<HTMLAnchorElement>("try").href = runAddress(name);
  at<HTMLAnchorElement>("report").href = `${runAddress(name)}report.html`;
}

function describeEnd(
  status: RunState["status"],
  result: RunState["result"],
  failure: string | undefined,
): string {
  if (!result) {
    const words = status === "failed" ? "" : "Stopped; all is saved.";
    return [failure, words].filter(Boolean).join(" ");
  }
  const { score, examples, bestEpoch, refitClips, skipped, seconds } = result;
  const measured = score === undefined
    ? "It was not validated."
    : `${formatShare(score)} on ${
      plural(examples, "clip")
    } that it was not trained on (epoch ${bestEpoch}).`;
  const refit = refitClips === undefined ? "" : ` Then it learned from all ${refitClips}.`;
  const lost = skipped > 0 ? ` ${plural(skipped, "clip")} could not be read.` : "";
  return `Done in ${formatDuration(seconds)}: ${measured}${refit}${lost}`;
}

/** Shows the newest run that another server, or the command line, began. */
export function showNewest(newest: NewestRun | null): void {
  at("newest").hidden = newest === null;
  if (!newest) return;
  const { name, hasEnded, cannotResume } = newest, canResume = !hasEnded && !cannotResume;
  at("newest-words").textContent = hasEnded
    ? `${name} is done.`
    : canResume
    ? `${name} was stopped, or is another's: what it has learned is saved.`
    : `${name} has not ended: ${cannotResume}.`;
  at("resume").hidden = !canResume;
  at("newest-try").hidden = at("newest-report").hidden = !hasEnded;
  at<HTMLAnchorElement>("newest-try").href = runAddress(name);
  at<HTMLAnchorElement>("newest-report").href = `${runAddress(name)}report.html`;
}

function runAddress(name: string): string {
  return `/runs/${encodeURIComponent(name)}/`;
}
