/** Entry point of one thread of the CPU engine. Idle threads wait for messages, not for the memory. */
import { CrewMember } from "./crew_member.ts";
import type { EngineMessage, WorkerMessage } from "./protocol.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<EngineMessage>) => void;
  postMessage(message: WorkerMessage): void;
};

let member: CrewMember | undefined;

scope.onmessage = ({ data }) => {
  try {
    if (data.kind === "join") member = new CrewMember(data.assignment);
    else if (member) member.run(data.job);
    else throw new Error("Cannot run a job as this worker has not joined a team");
    scope.postMessage({ kind: "ready" });
  } catch (error) {
    scope.postMessage({ kind: "failed", reason: String(error) });
  }
};
