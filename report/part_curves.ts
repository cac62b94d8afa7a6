import { meanAndSpread } from "../model/evaluation/mean_and_spread.ts";
import { missing } from "./format.ts";
import type { RunRecord } from "./read_run.ts";

/** A run's rows of `history.csv`; of several runs in its folder the means over those that had the epoch. */
export function curvesOf({ history, parts }: RunRecord): RunRecord["history"] {
  if (!parts) return history;
  const numEpochs = Math.max(0, ...parts.runs.map(({ history }) => history.length));
  return Array.from({ length: numEpochs }, (_, epoch) => {
    const rows = parts.runs.flatMap(({ history }) => history.slice(epoch, epoch + 1));
    const columns = new Set(rows.flatMap((row) => Object.keys(row)));
    return Object.fromEntries(
      [...columns].map((column) => {
        const measured = rows.map((row) => row[column]).filter(Number.isFinite);
        return [column, meanAndSpread(measured)?.mean ?? NaN];
      }),
    );
  });
}

/** The kept epoch and how many there were: `7 of 10`, of several runs `5–9 of 8–10`. */
export function describeEpochs({ bestEpoch, history, parts }: RunRecord): string {
  const kept = parts ? parts.runs.map(({ bestEpoch }) => bestEpoch) : [bestEpoch];
  const run = (parts?.runs ?? [{ history }]).map(({ history }) => history.length);
  return `${describeRange(kept)} of ${describeRange(run)}`;
}

function describeRange(values: readonly (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return missing;
  const low = Math.min(...known), high = Math.max(...known);
  return low === high ? String(low) : `${low}–${high}`;
}
