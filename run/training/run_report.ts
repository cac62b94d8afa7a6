import { writeAtomically } from "../files/atomic_file.ts";
import type { TrainEvent } from "./train_events.ts";

/**
 * Writes `report.html` of a run or a cross-validation; what goes wrong there is said and costs nothing else.
 *
 * @param runs What it is of, where that is not `out` itself: several runs are compared.
 */
export async function writeReport(
  out: string,
  onEvent?: (event: TrainEvent) => void,
  runs: readonly string[] = [out],
): Promise<void> {
  try {
    // Loaded late: its charts take a moment.
    const { createReport } = await import("../../report/report.ts");
    await writeAtomically(`${out}/report.html`, await createReport(runs));
  } catch (error) {
    const text = `no report: ${(error as Error).message}`;
    onEvent?.({ kind: "notice", level: "warning", text });
  }
}
