import { assertEquals, assertStrictEquals } from "@std/assert";
import type { LabelledRow } from "../../../model/label_rows.ts";
import { type Event, type EventOptions, eventsOf } from "../../../run/events/events.ts";
import { createConvNetwork } from "../../../model/conv_network.ts";
import { Decision, type DecisionOptions } from "../../../model/decision.ts";
import { recordingAt } from "../../fixtures.ts";
import { createCard } from "../../model/create_card.ts";

const network = createConvNetwork({
  ...{ melBands: 16, numFrames: 16, numClasses: 2 },
  activation: "sigmoid",
});
const classes = ["crow", "rain"];
const card = { ...createCard(network), classes, majorityLabel: "crow" };

/** Windows of 5 s every `hopSeconds`; a row that is none could not be read. */
async function* rowsOf(
  probabilities: Record<string, readonly (readonly number[] | undefined)[]>,
  hop: number,
): AsyncGenerator<LabelledRow> {
  for (const [id, windows] of Object.entries(probabilities)) {
    const recording = recordingAt(id);
    for (const [i, values] of windows.entries()) {
      const request = { clip: { recording, start: i * hop, length: 50 }, epoch: 0, copy: 0 };
      yield { request, probabilities: values && Float64Array.from(values) };
    }
  }
}

async function run(
  probabilities: Parameters<typeof rowsOf>[0],
  options: EventOptions,
  hop = 50,
  decision = new Decision(card),
): Promise<string[]> {
  const windowing = { length: 50, hop, sampleRateHz: 10 };
  const events = await Array.fromAsync(
    eventsOf(rowsOf(probabilities, hop), decision, windowing, options),
  );
  return events.map((event: Event) =>
    `${event.recording.id} ${event.startSeconds}-${event.endSeconds} ${event.label} ` +
    `${event.probability.toFixed(3)} ${event.peak.toFixed(3)} ${event.numWindows}`
  );
}

Deno.test("without joining, a row a window: its most probable label, if it is probable enough", async () => {
  const windows = { a: [[0.9, 0.1], [0.4, 0.6], [0.5, 0.5]], b: [[0.2, 0.8]] };
  assertEquals(await run(windows, {}), [
    "a 0-5 crow 0.900 0.900 1",
    "a 5-10 rain 0.600 0.600 1",
    "a 10-15 crow 0.500 0.500 1",
    "b 0-5 rain 0.800 0.800 1",
  ]);
  assertEquals(await run(windows, { minScore: 0.6 }), [
    "a 0-5 crow 0.900 0.900 1",
    "a 5-10 rain 0.600 0.600 1",
    "b 0-5 rain 0.800 0.800 1",
  ]);
  assertStrictEquals((await run(windows, { top: 2 })).length, 8);
});

Deno.test("neighbours of one label are joined, with their mean and peak, across a gap no longer than allowed", async () => {
  const windows = { a: [[0.9, 0], [0.7, 0], [0, 0.8], [0.6, 0], undefined, [0.5, 0]] };
  assertEquals(await run(windows, { mergeSeconds: 0 }), [
    "a 0-10 crow 0.800 0.900 2",
    "a 10-15 rain 0.800 0.800 1",
    "a 15-20 crow 0.600 0.600 1",
    "a 25-30 crow 0.500 0.500 1",
  ]);
  assertEquals(await run(windows, { mergeSeconds: 5 }), [
    "a 0-30 crow 0.675 0.900 4",
    "a 10-15 rain 0.800 0.800 1",
  ]);
});

Deno.test("overlapping windows are joined; events come in the order of their starts", async () => {
  const windows = { a: [[0.9, 0.8], [0.9, 0.1], [0.1, 0.8], [0.1, 0.1]] };
  const options = { top: 2, minScore: 0.5, mergeSeconds: 0 };
  assertEquals(await run(windows, options, 25), [
    "a 0-7.5 crow 0.900 0.900 2",
    "a 0-10 rain 0.800 0.800 2",
  ]);
});

Deno.test("a background class is no event's; with a label for unknown clips a class must reach its threshold", async () => {
  const windows = { a: [[0.9, 0.95], [0.6, 0.1], [0.4, 0.1]] };
  const scores = { temperature: 1, thresholds: [0.5, null], precision: null };
  const decide = (options?: Partial<DecisionOptions>) =>
    new Decision({ ...card, scores, backgroundClasses: ["rain"] }, options);
  assertEquals(await run(windows, { mergeSeconds: 0 }, 50, decide()), [
    "a 0-15 crow 0.633 0.900 3",
  ]);
  assertEquals(await run(windows, { mergeSeconds: 0 }, 50, decide({ unknown: "?" })), [
    "a 0-10 crow 0.750 0.900 2",
  ]);
});

Deno.test("joined or not, in one recording nothing later comes before, and memory is let go", async () => {
  const windows = { a: Array.from({ length: 500 }, (_, i) => [i % 3 === 0 ? 0.9 : 0.1, i % 2]) };
  const starts = (await run(windows, { top: 2, minScore: 0.5, mergeSeconds: 1 }, 20))
    .map((line) => Number(/ ([\d.]+)-/.exec(line)![1]));
  assertEquals(starts, starts.toSorted((a, b) => a - b));
});
