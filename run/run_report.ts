import { writeAtomically } from "./atomic_file.ts";
import type { TrainEvent } from "./train_events.ts";

/** Writes `report.html` of a run or a cross-validation; what goes wrong there is said and costs nothing else. */
export async function writeReport(
  out: string,
  onEvent?: (event: TrainEvent) => void,
): Promise<void> {
  try {
    // Loaded late: its charts take a moment.
    const { createReport } = await import("../report/report.ts");
    await writeAtomically(`${out}/report.html`, await createReport([out]));
  } catch (error) {
    const text = `no report: ${(error as Error).message}`;
    onEvent?.({ kind: "notice", level: "warning", text });
  }
}
