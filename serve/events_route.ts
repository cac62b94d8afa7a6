/** `POST /events`: what is heard in a sound of any length, and when, a JSON line an event. */
import type { LabelledRow } from "../model/label_rows.ts";
import type { Recording } from "../pipeline/recording.ts";
import type { Windowing } from "../pipeline/windows.ts";
import { micro, rowOf } from "../run/events/event_format.ts";
import { eventsOf, resolveEventOptions } from "../run/events/events.ts";
import { canListen, type HeardWindow, listen } from "../run/prediction/listen.ts";
import { type PredictWindows, predictWindowSettings } from "../run/prediction/predict_windows.ts";
import { nothing, peekBody, readBody } from "./body.ts";
import { HttpError } from "./http_error.ts";
import { readQuery } from "./query.ts";
import { type ServeContext, windowingOf } from "./serve_context.ts";
import { isForm, nameOfBody, readForm, recordingOf, type Sound, withName } from "./sounds.ts";

const { window, hop, top, minScore, merge } = predictWindowSettings;
const settings = { window, hop, top, minScore, merge };
type Asked = Pick<PredictWindows, keyof typeof settings>;

/** An answer that may go on after its head is sent. */
export interface StreamedAnswer {
  /** Its head, and its lines as they come. */
  readonly response: Response;
  /** Settles when the last line is sent, or nobody wants it any more. */
  readonly ended: Promise<void>;
}

/** Sounds by the names that their recordings have for the threads, and what is said of their windows. */
interface HeardSounds {
  readonly names: ReadonlyMap<string, string>;
  readonly rows: AsyncIterable<LabelledRow>;
}

/**
 * Answers with the lines of `predict --format jsonl`, each as soon as it is known; a window that cannot be read
 * is a line with `error`. A WAV file that is the body is heard as it comes, whatever its length; anything else is
 * held.
 *
 * @param signal Ends the answer.
 * @throws {HttpError} 400 where the address or the form is wrong, 422 where a body is no sound, 429 where too many
 *   are heard, and as `readBody`.
 */
export async function answerEvents(
  request: Request,
  context: ServeContext,
  signal: AbortSignal,
): Promise<StreamedAnswer> {
  const { labeller, listeners } = context, url = new URL(request.url);
  const asked = readQuery<Asked>(url.searchParams, settings, ["filename"]);
  const windowing = windowingOf(labeller, asked);
  using stack = new DisposableStack();
  stack.use(listeners.take());
  const sounds = await hear(request, windowing, context, signal, stack);
  const ended = Promise.withResolvers<void>(), held = stack.move();
  const lines = linesOf(sounds, windowing, asked, context);
  async function* whole() {
    using _ = held;
    try {
      yield* lines;
    } finally {
      ended.resolve();
    }
  }
  const answer = whole();
  await answer.next(); // from now on it has begun, and lets go of what it holds at its end
  const body = ReadableStream.from(answer).pipeThrough(new TextEncoderStream());
  const headers = { "content-type": "application/x-ndjson" };
  return { response: new Response(body, { headers }), ended: ended.promise };
}

/**
 * The lines of an answer, behind an empty one: with that it is known that the sound can be read.
 *
 * @throws {HttpError} 422, in place of the empty one, where it cannot.
 */
async function* linesOf(
  { names, rows }: HeardSounds,
  windowing: Windowing,
  asked: Asked,
  { labeller: { card, decision }, metrics }: ServeContext,
): AsyncGenerator<string> {
  const lost: string[] = [], line = (about: object) => `${JSON.stringify(about)}\n`;
  async function* watched() {
    for await (const row of rows) {
      const { failure, request: { clip: { recording, start } } } = row;
      metrics.countWindow(failure === undefined);
      if (failure) {
        const name = names.get(recording.id)!, error = withName(failure.message, recording, name);
        if (names.size === 1 && start === 0) throw new HttpError(422, error);
        lost.push(line({ filename: name, start: micro(start / windowing.sampleRateHz), error }));
      }
      yield row;
    }
  }
  const watching = watched();
  let hasBegun = false;
  try {
    const first = await watching.next();
    hasBegun = true;
    yield "";
    const all = (async function* () {
      if (!first.done) yield first.value;
      yield* watching;
    })();
    const { unknown } = decision, looked = resolveEventOptions(card, { ...asked, unknown });
    const options = { ...looked, mergeSeconds: asked.merge };
    const shown = { frontEnd: card.frontEnd, isMerged: asked.merge !== undefined };
    for await (const event of eventsOf(all, decision, windowing, options)) {
      yield* lost.splice(0);
      const row = rowOf(event, shown);
      yield line({ ...row, filename: names.get(row.filename) });
    }
    yield* lost.splice(0);
  } catch (error) {
    if (!hasBegun) {
      throw error instanceof SyntaxError ? new HttpError(422, error.message) : error;
    }
    yield* lost.splice(0);
    yield line({ error: (error as Error).message });
  } finally {
    await watching.return(undefined);
  }
}

/** The rows of a request's sounds. @param held Is given what is to be let go of at the end. */
async function hear(
  request: Request,
  windowing: Windowing,
  { labeller, budget, limits }: ServeContext,
  signal: AbortSignal,
  held: DisposableStack,
): Promise<HeardSounds> {
  const { headers } = request;
  let sounds: readonly Sound[];
  if (isForm(request)) {
    const { bytes } = held.use(
      await readBody({ headers, body: request.body, signal }, budget, limits),
    );
    sounds = await readForm(bytes, headers.get("content-type")!);
  } else {
    if (!request.body) throw nothing();
    const { head, body } = await peekBody(request.body, limits.seconds, signal);
    const name = nameOfBody(new URL(request.url));
    if (canListen(head)) {
      const recording = recordingOf({ name, bytes: new Uint8Array() });
      const heard = listen(labeller, name, body, { windowing, signal });
      return {
        names: new Map([[recording.id, name]]),
        rows: rowsOf(heard, recording, windowing),
      };
    }
    const { bytes } = held.use(await readBody({ headers, body, signal }, budget, limits));
    sounds = [{ name, bytes }];
  }
  const recordings = sounds.map((sound) => recordingOf(sound, true));
  return {
    names: new Map(recordings.map(({ id }, i) => [id, sounds[i].name])),
    rows: labeller.labelWindows(recordings, windowing, { batchSize: 4, signal }),
  };
}

/** What was heard while it came, as rows of a recording. */
async function* rowsOf(
  heard: AsyncIterable<HeardWindow>,
  recording: Recording,
  { sampleRateHz }: Windowing,
): AsyncGenerator<LabelledRow> {
  for await (const { startSeconds, endSeconds, probabilities, failure } of heard) {
    const start = Math.round(startSeconds * sampleRateHz);
    const request = { clip: { recording, start }, epoch: 0, copy: 0 };
    yield {
      request,
      endSample: Math.round(endSeconds * sampleRateHz),
      ...probabilities && { probabilities },
      ...failure !== undefined && { failure: { request, stage: "decode", message: failure } },
    };
  }
}
