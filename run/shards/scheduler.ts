/** Which shard this process is to do, as the scheduler that started it says in its environment. */
import { SettingError } from "../../settings/setting.ts";
import type { Shard, ShardRequest } from "./shard.ts";

/** Reads a variable of the environment. */
export type ReadVariable = (name: string) => string | undefined;

/** A scheduler's variables: an array's tasks, numbered. */
interface Scheduler {
  readonly name: string;
  /** Number of this task: its presence says that the scheduler is at work. */
  readonly task: string;
  /** How many tasks there are; absent where only the job's description says. */
  readonly count?: string;
  /** Smallest and largest number of a task; absent where they count from 0. */
  readonly range?: readonly [first: string, last: string];
}

const schedulers: readonly Scheduler[] = [
  {
    name: "Slurm",
    task: "SLURM_ARRAY_TASK_ID",
    count: "SLURM_ARRAY_TASK_COUNT",
    range: ["SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX"],
  },
  {
    name: "AWS Batch",
    task: "AWS_BATCH_JOB_ARRAY_INDEX",
    count: "AWS_BATCH_JOB_ARRAY_SIZE",
  },
  { name: "Kubernetes", task: "JOB_COMPLETION_INDEX" },
];

/** The variables that are looked at: a program's permissions need no others. */
export const schedulerVariables: readonly string[] = schedulers.flatMap((
  { task, count, range = [] },
) => [task, ...count === undefined ? [] : [count], ...range]);

/**
 * The shard that is asked for: of `auto` the task of an array, first to last.
 *
 * @param read Reads the environment.
 * @throws {SettingError} where no scheduler is at work, its array is not whole (some of its numbers are left out,
 *   or it is one task run again), or has another number of tasks than was asked for.
 */
export function resolveShard(
  request: ShardRequest,
  read: ReadVariable = (name) => Deno.env.get(name),
): Shard {
  const { index, of } = request;
  if (index !== "auto") return { index, of: of! };
  const refuse = (rule: string, seen: string): never => {
    throw new SettingError("take a shard of the job", "shard", rule, seen);
  };
  const scheduler = schedulers.find(({ task }) => read(task) !== undefined);
  if (!scheduler) {
    const tasks = schedulers.map(({ task }) => task).join(", ");
    return refuse(`I/N where none of ${tasks} is set`, "auto");
  }
  const { name, task, count, range } = scheduler;
  const number = (variable: string): number => {
    const text = read(variable);
    if (text !== undefined && /^\d+$/.test(text)) return Number(text);
    return refuse(`I/N where ${name}'s ${variable} is no number`, text ?? "not set");
  };
  const counted = count === undefined ? of : number(count);
  if (counted === undefined) {
    return refuse(`auto/N with ${name}, which does not say how many tasks there are`, "auto");
  }
  if (of !== undefined && of !== counted) {
    return refuse(
      `auto/N with as many as ${name}'s array has tasks, ${counted}; to run some again, I/N`,
      `auto/${of}`,
    );
  }
  const [first, last] = range ? range.map(number) : [0, counted - 1];
  if (last - first + 1 !== counted) {
    return refuse(
      `I/N where ${name}'s array leaves numbers out`,
      `${counted} tasks from ${first} to ${last}`,
    );
  }
  if (counted === 1 && of === undefined) {
    return refuse(`I/N, or auto/1, where ${name}'s array has one task`, `task ${number(task)}`);
  }
  const at = number(task) - first + 1;
  if (at > counted || at < 1) {
    return refuse(`I/N where ${task} is not in the array`, `${number(task)} of ${counted}`);
  }
  return { index: at, of: counted };
}
