/** What failures have in common: the first question where many recordings cannot be read. */
import { describeLocation } from "../pipeline/locations/location.ts";
import type { ClipFailure } from "../pipeline/graph_stage.ts";

/** A property is worth a word where at least this share of the failures has it. */
const worthSaying = 0.5;

/**
 * What most of some failures share: their cause, the folder they lie in, how their names end. Each with how many
 * have it, in one line.
 */
export function describeFailures(failures: readonly ClipFailure[]): string {
  const all = failures.length;
  const least = Math.max(2, Math.ceil(worthSaying * all));
  const common = (values: Iterable<string>, say: (value: string) => string) => {
    const [value, count] = commonest(values);
    return count >= least ? [`${count} of ${all} ${say(value)}`] : [];
  };
  const words = new Map<string, string>();
  for (const failure of failures) {
    const kind = kindOf(failure), cause = causeOf(failure), known = words.get(kind) ?? cause;
    words.set(kind, withoutNumbers(known) === withoutNumbers(cause) ? cause : withoutSeen(cause));
  }
  const ids = failures.map(({ request }) => request.clip.recording.id);
  const parts = [
    ...common(failures.map(kindOf), (kind) => `say «${words.get(kind)}»`),
    ...common(deepest(ids, least), (folder) => `lie in ${folder}/`),
    ...common(ids.flatMap(endingOf), (ending) => `end in ${ending}`),
  ];
  return parts.length > 0
    ? parts.join("; ")
    : `nothing in common: the last says «${causeOf(failures[all - 1])}»`;
}

/** The message without the recording's place, which differs for each. */
function causeOf({ request, message }: ClipFailure): string {
  return message.replaceAll(describeLocation(request.clip.recording.location), "…");
}

/** Equal for failures of one cause, whatever numbers it names and whatever was seen there. */
function kindOf(failure: ClipFailure): string {
  return `${failure.stage} ${withoutNumbers(withoutSeen(causeOf(failure)))}`;
}

/** What was expected alone: of damaged files each holds something else. */
function withoutSeen(cause: string): string {
  return cause.replace(/, saw .*$/s, "");
}

function withoutNumbers(cause: string): string {
  return cause.replaceAll(/\d+/g, "#");
}

function endingOf(id: string): string[] {
  return /\.[^./]+$/.exec(id)?.slice(0, 1) ?? [];
}

/** For each name the deepest of its folders that holds at least so many of them. */
function deepest(ids: readonly string[], least: number): string[] {
  const foldersOf = (id: string) =>
    id.split("/").slice(0, -1).map((_, i, names) => names.slice(0, i + 1).join("/"));
  const counts = new Map<string, number>();
  for (const id of ids) {
    for (const folder of foldersOf(id)) counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const largest = [...counts].filter(([, count]) => count >= least)
    .sort(([a, m], [b, n]) => n - m || b.length - a.length)[0]?.[0];
  return largest === undefined
    ? []
    : ids.filter((id) => id.startsWith(`${largest}/`)).map(() => largest);
}

function commonest(values: Iterable<string>): [value: string, count: number] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((a, b) => b[1] > a[1] ? b : a, ["", 0]);
}
