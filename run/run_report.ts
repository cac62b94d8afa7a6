import type { TrainEvent } from "./train_events.ts";

/** Does something about a report; what goes wrong there is said and costs nothing else. */
export async function tryReport(
  onEvent: ((event: TrainEvent) => void) | undefined,
  act: (report: typeof import("../report/report.ts")) => Promise<void>,
): Promise<void> {
  try {
    await act(await import("../report/report.ts")); // loaded late: its charts take a moment
  } catch (error) {
    const text = `no report: ${(error as Error).message}`;
    onEvent?.({ kind: "notice", level: "warning", text });
  }
}
