/** `POST /predict`: what the model says of a sound, as `predict` says it of a file. */
import type { Decision } from "../model/decision.ts";
import { firstClips } from "../pipeline/clip.ts";
import { describeRemark } from "../pipeline/remarks.ts";
import { joinWindows } from "../run/prediction/join_windows.ts";
import { type PredictWindows, predictWindowSettings } from "../run/prediction/predict_windows.ts";
import { readBody } from "./body.ts";
import { HttpError } from "./http_error.ts";
import { readQuery } from "./query.ts";
import { type ServeContext, windowingOf } from "./serve_context.ts";
import { isForm, nameOfBody, readForm, recordingOf, type Sound, withName } from "./sounds.ts";

/** What is said of one sound. */
export interface SoundAnswer {
  /** What its sender calls it. */
  readonly filename: string;
  /** Its labels, as `submission.csv` has them; absent where it could not be read. */
  readonly labels?: readonly string[];
  /** Of every class. */
  readonly probabilities?: Readonly<Record<string, number>>;
  /** What its sender should know. */
  readonly notes?: readonly string[];
  /** Why it could not be read. */
  readonly error?: string;
}

/** What was found of a sound. */
interface Finding {
  readonly sound: Sound;
  readonly probabilities?: Float64Array;
  readonly notes: string[];
  /** Why it, or a part of it, could not be read. */
  readonly failures: string[];
}

const { window, hop, aggregate } = predictWindowSettings;
const settings = { window, hop, aggregate };
type Asked = Pick<PredictWindows, keyof typeof settings>;

/**
 * Answers a sound that is the body by an object, those of a form by a list in their order.
 *
 * @throws {HttpError} 400 where the address or the form is wrong, 422 where a body is no sound, 429 where too many
 *   are heard in windows, and as `readBody`.
 */
export async function answerPredict(
  request: Request,
  context: ServeContext,
  signal: AbortSignal,
): Promise<Response> {
  const url = new URL(request.url);
  const asked = readQuery<Asked>(url.searchParams, settings, ["filename"]);
  if (asked.aggregate === undefined && Object.keys(asked).length > 0) {
    throw new HttpError(400, "Cannot join windows as aggregate must be mean or max: it is missing");
  }
  const { headers } = request, coming = { headers, body: request.body, signal };
  using body = await readBody(coming, context.budget, context.limits);
  const sounds = isForm(request)
    ? await readForm(body.bytes, headers.get("content-type")!)
    : [{ name: nameOfBody(url), bytes: body.bytes }];
  const findings = asked.aggregate === undefined
    ? await Promise.all(sounds.map((sound) => hearBeginning(sound, signal, context)))
    : await hearWindows(sounds, signal, asked, context);
  const answers = findings.map((finding) => answerOf(finding, context.labeller.decision));
  if (isForm(request)) return Response.json(answers);
  const [answer] = answers;
  if (answer.error !== undefined) throw new HttpError(422, answer.error);
  return Response.json(answer);
}

async function hearBeginning(
  sound: Sound,
  signal: AbortSignal,
  { batcher, labeller, metrics }: ServeContext,
): Promise<Finding> {
  const recording = recordingOf(sound), { durationSeconds } = labeller.card.frontEnd;
  const [clip] = firstClips([recording]);
  const { probabilities, failure, remarks = [] } = await batcher.label(clip, signal);
  metrics.countWindow(failure === undefined);
  const notes = remarks.map((remark) => describeRemark(remark, durationSeconds));
  const failures = failure ? [withName(failure.message, recording, sound.name)] : [];
  return { sound, probabilities, notes, failures };
}

async function hearWindows(
  sounds: readonly Sound[],
  signal: AbortSignal,
  { window, hop, aggregate = "mean" }: Asked,
  { labeller, listeners, metrics }: ServeContext,
): Promise<Finding[]> {
  using _place = listeners.take();
  const windowing = windowingOf(labeller, { window, hop });
  const recordings = sounds.map((sound) => recordingOf(sound, true)), findings: Finding[] = [];
  let failures: string[] = [];
  async function* watched() {
    for await (
      const row of labeller.labelWindows(recordings, windowing, { batchSize: 4, signal })
    ) {
      metrics.countWindow(row.failure === undefined);
      yield row;
      if (row.failure) failures.push(row.failure.message);
    }
  }
  for await (const { recording, probabilities } of joinWindows(watched(), aggregate)) {
    const sound = sounds[findings.length];
    const named = failures.map((message) => withName(message, recording, sound.name));
    findings.push({ sound, probabilities, notes: [], failures: named });
    failures = [];
  }
  return findings;
}

function answerOf(
  { sound: { name: filename }, probabilities, notes, failures }: Finding,
  decision: Decision,
): SoundAnswer {
  if (!probabilities) return { filename, error: failures[0] };
  const numLost = failures.length;
  const all = numLost === 0
    ? notes
    : [...notes, `${numLost} of its windows could not be read: ${failures[0]}`];
  return {
    filename,
    labels: decision.labelsOf(probabilities),
    probabilities: Object.fromEntries(
      decision.classes.map((name, k) => [name, probabilities[k]]),
    ),
    ...all.length > 0 && { notes: all },
  };
}
