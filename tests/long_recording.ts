/** Recordings of any length, made of real clips that are mixed at known times into a real background. */
import { decodeFile } from "../pipeline/decode/decode_file.ts";
import { loadDsp } from "../pipeline/dsp/dsp.ts";
import { createRandom } from "../pipeline/random.ts";
import { openDefaultDataset } from "../pipeline/sources/default_dataset.ts";
import { encodeWav } from "../pipeline/encode_wav.ts";

/** A clip that was mixed in. */
export interface MixedClip {
  /** Where it begins, in samples. */
  readonly start: number;
  /** One past its last sample. */
  readonly end: number;
  /** What it is. */
  readonly label: string;
}

/** What is made. */
export interface LongRecordingOptions {
  /** Where the WAV file is written: mono, 16 bits. */
  readonly path: string;
  /** Its length. */
  readonly seconds: number;
  /** @default {22050} */
  readonly sampleRateHz?: number;
  /** From a clip's beginning to that of the next, on average. @default {15} */
  readonly everySeconds?: number;
  /** The labels of the clips. @default {["kick", "cymbal", "tabla"]} */
  readonly labels?: readonly string[];
  /** Key of every draw. @default {1} */
  readonly seed?: number;
}

/** A background is quieter than the clips. */
const backgroundGain = 0.05;

/**
 * Makes one, of the recordings that come along: those labelled `ambience`, one after the other, are its background.
 *
 * @returns What was mixed in, in the order of time: no two clips overlap.
 */
export async function makeLongRecording(options: LongRecordingOptions): Promise<MixedClip[]> {
  const { path, seconds, sampleRateHz = 22050, everySeconds = 15, seed = 1 } = options;
  const { labels = ["kick", "cymbal", "tabla"] } = options;
  const { train } = await openDefaultDataset(), dsp = await loadDsp();
  const load = async (label: string, longest: number) =>
    await Promise.all(
      train.filter((recording) => recording.labels![0] === label).map(async ({ location }) => {
        const { samples, sampleRateHz: rate } = await decodeFile(
          (location as { path: string }).path,
          {
            durationSeconds: longest,
          },
        );
        return dsp.resample(samples, rate, sampleRateHz).slice();
      }),
    );
  const backgrounds = await load("ambience", 60);
  const clips = new Map<string, Float32Array[]>();
  for (const label of labels) clips.set(label, await load(label, 1));

  const numSamples = Math.round(seconds * sampleRateHz),
    every = Math.round(everySeconds * sampleRateHz);
  const mixed: (MixedClip & { readonly samples: Float32Array })[] = [];
  for (let i = 0; (i + 1) * every <= numSamples; i++) {
    const random = createRandom(seed, i, "long recording");
    const label = labels[random.integer(labels.length)], choices = clips.get(label)!;
    const samples = choices[random.integer(choices.length)];
    const start = i * every + random.integer(every - samples.length);
    mixed.push({ start, end: start + samples.length, label, samples });
  }
  await writeWav(
    path,
    sampleRateHz,
    numSamples,
    piecesOf(backgrounds, mixed, numSamples, sampleRateHz),
  );
  return mixed.map(({ start, end, label }) => ({ start, end, label }));
}

/** The recording, ten seconds at a time: of two hours no more than that is held. */
function* piecesOf(
  backgrounds: readonly Float32Array[],
  mixed: readonly (MixedClip & { readonly samples: Float32Array })[],
  numSamples: number,
  sampleRateHz: number,
): Generator<Float32Array> {
  let which = 0, at = 0;
  for (let start = 0; start < numSamples; start += 10 * sampleRateHz) {
    const piece = new Float32Array(Math.min(10 * sampleRateHz, numSamples - start));
    for (let i = 0; i < piece.length; i++) {
      piece[i] = backgroundGain * backgrounds[which][at];
      if (++at === backgrounds[which].length) [which, at] = [(which + 1) % backgrounds.length, 0];
    }
    for (const clip of mixed) {
      const from = Math.max(start, clip.start), to = Math.min(start + piece.length, clip.end);
      for (let i = from; i < to; i++) piece[i - start] += clip.samples[i - clip.start];
    }
    yield piece;
  }
}

async function writeWav(
  path: string,
  sampleRateHz: number,
  numSamples: number,
  pieces: Iterable<Float32Array>,
): Promise<void> {
  const header = encodeWav(new Float32Array(0), sampleRateHz).slice(0, 44),
    view = new DataView(header.buffer);
  view.setUint32(4, 36 + 2 * numSamples, true);
  view.setUint32(40, 2 * numSamples, true);
  const file = await Deno.open(path, { write: true, create: true, truncate: true });
  const writer = file.writable.getWriter();
  await writer.write(header);
  for (const piece of pieces) await writer.write(encodeWav(piece, sampleRateHz).slice(44));
  await writer.close();
}
