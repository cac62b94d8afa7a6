/** Messages between the engine and its workers. */
import type { Assignment } from "./crew_member.ts";
import type { Job } from "./program.ts";

/** From the engine. */
export type EngineMessage =
  | { readonly kind: "join"; readonly assignment: Assignment }
  | { readonly kind: "run"; readonly job: Job };

/** From a worker: after «join», after each job, or when it cannot go on. */
export type WorkerMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly reason: string };
