import type { Decision } from "../../model/decision.ts";
import type { LabelledRow } from "../../model/label_rows.ts";
import { type Clip, clipId } from "../../pipeline/clip.ts";
import type { FrontEnd } from "../../pipeline/front_end.ts";
import type { OpenSource } from "../../pipeline/locations/byte_source.ts";
import type { Recording } from "../../pipeline/recording.ts";
import { describeRemark } from "../../pipeline/remarks.ts";
import { createWindowing, type Windowing } from "../../pipeline/windows.ts";
import { eventsOf, resolveEventOptions } from "../../run/events/events.ts";
import { joinWindows } from "../../run/prediction/join_windows.ts";
import { labelWindows } from "../../run/prediction/label_windows.ts";
import { envelopeOf } from "../envelope.ts";
import type { Answer, FromPageWorker, HeardWindow } from "../messages.ts";
import type { PageLabeller } from "./page_labeller.ts";

/** A sound that a person gave to the page. */
export interface PageSound {
  readonly soundId: number;
  readonly recording: Recording;
  /** Opens it. */
  readonly source: () => OpenSource;
}

/** Parts of a window that its waveform is shown in. */
const envelopeParts = 32;

/**
 * Hears all of a sound, window after window, and tells the page of each.
 *
 * @param isLeft Whether the page has gone on to another sound: asked after each window.
 */
export async function hearSound(
  { soundId, recording, source }: PageSound,
  labeller: PageLabeller,
  send: (message: FromPageWorker) => void,
  isLeft: () => boolean,
): Promise<void> {
  const startMs = performance.now(), { card, decision } = labeller;
  const windowing = createWindowing(card.frontEnd);
  const envelopes = new Map<string, Float32Array>(), rows: LabelledRow[] = [];
  const label = (clips: AsyncIterable<Clip>) =>
    labeller.label(clips, {
      open: source,
      tap({ clip }, seen) {
        if (seen.stage === "window") {
          envelopes.set(clipId(clip), envelopeOf(seen.samples, envelopeParts));
        }
      },
    });
  async function* told(): AsyncGenerator<LabelledRow> {
    for await (
      const row of labelWindows(label, { recordings: [recording], windowing, open: source })
    ) {
      if (isLeft()) return;
      const id = clipId(row.request.clip), envelope = envelopes.get(id) ?? new Float32Array(0);
      envelopes.delete(id);
      send({ kind: "window", soundId, window: windowOf(row, envelope, windowing, decision) });
      rows.push(row);
      yield row;
    }
  }
  try {
    const { unknown } = decision, looked = resolveEventOptions(card, { unknown });
    const options = { ...looked, mergeSeconds: 0 };
    for await (const event of eventsOf(told(), decision, windowing, options)) {
      const { startSeconds, endSeconds, label, probability } = event;
      send({ kind: "event", soundId, event: { startSeconds, endSeconds, label, probability } });
    }
    if (isLeft()) return;
    if (!rows.some(({ failure }) => failure === undefined)) {
      throw new Error(rows[0]?.failure?.message ?? `Cannot use ${recording.id} as it has no sound`);
    }
    const whole = (async function* () {
      yield* rows;
    })();
    const [{ probabilities }] = await Array.fromAsync(joinWindows(whole, "mean"));
    const notes = notesOf(rows, card.frontEnd);
    send({
      ...{ kind: "heard", soundId, elapsedMs: performance.now() - startMs, notes },
      ...probabilities && { mean: answerOf(probabilities, decision) },
    });
  } catch (error) {
    send({ kind: "failed", soundId, message: (error as Error).message });
  }
}

/** What was remarked on a sound: silence, where all of it is silent. */
function notesOf(rows: readonly LabelledRow[], { durationSeconds }: FrontEnd): string[] {
  const isSilent = rows.every(({ remarks = [] }) => remarks.some(({ kind }) => kind === "silent"));
  const remarks = rows.flatMap(({ remarks = [] }) => remarks)
    .filter(({ kind }) => kind !== "silent" || isSilent);
  return [...new Set(remarks.map((remark) => describeRemark(remark, durationSeconds)))];
}

function windowOf(
  { request: { clip: { start } }, probabilities, failure, endSample = Infinity }: LabelledRow,
  envelope: Float32Array,
  { sampleRateHz, length }: Windowing,
  decision: Decision,
): HeardWindow {
  return {
    ...{ start, envelope, startSeconds: start / sampleRateHz },
    endSeconds: Math.min(start + length, endSample) / sampleRateHz,
    ...probabilities && { answer: answerOf(probabilities, decision) },
    ...failure && { failure: failure.message },
  };
}

function answerOf(probabilities: Float64Array, decision: Decision): Answer {
  return { probabilities, labels: decision.labelsOf(probabilities) };
}
