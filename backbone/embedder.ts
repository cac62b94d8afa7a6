/**
 * Embeddings: one vector of a clip by a backbone. The runtime is loaded in the thread that asks for it, and nowhere
 * else.
 */
import type { Backbone } from "./backbone.ts";
import { BackboneError } from "./backbone.ts";
import { isOnnxFrontEnd } from "./card.ts";
import { createMelFrames } from "./mel_frames.ts";
import { openSession, type Session } from "./session.ts";

/** Makes embeddings, one at a time. */
export interface Embedder {
  /**
   * The embedding of a clip: the mean over the stretches of it that the network hears at a time. A clip shorter than
   * one is padded with zeros; of a longer one the last stretch ends where it ends.
   *
   * @param samples At the rate of the backbone's card, in [−1, 1] nominally; not changed.
   * @param out Receives it; may be a view of shared memory.
   * @throws {Error} behind «as», where a number of it is not finite, or the network cannot be computed.
   */
  embed(samples: Float32Array, out: Float32Array): Promise<void>;
}

/** Stretches that go into a network at a time: memory does not grow with the clip. */
const mostAtOnce = 16;

/**
 * Has the runtime read a backbone.
 *
 * @throws {BackboneError} where it cannot: an unknown operator, say.
 */
export async function createEmbedder(backbone: Backbone): Promise<Embedder> {
  const { card, feeding, networkBytes, frontEndBytes, network } = backbone;
  const name = network.path ?? card.name;
  const { axes, length, melBands, batch, size } = feeding, atOnce = batch ?? mostAtOnce;
  const session = await open(networkBytes, name);
  const toFrames = await createFrames(backbone, name);
  /** Shape of an input of some stretches, each so long. */
  const shapeOf = (count: number, long: number) =>
    axes.map((axis) =>
      axis === "batch" ? count : axis === "mels" ? melBands! : axis === "one" ? 1 : long
    );
  const melsFirst = axes.indexOf("mels") >= 0 && axes.indexOf("mels") < axes.indexOf("frames");

  async function embed(samples: Float32Array, out: Float32Array): Promise<void> {
    const sums = new Float64Array(size);
    let numVectors = 0;
    const add = async (stretches: readonly Float32Array[]) => {
      const [{ length: cells }] = stretches, count = batch ?? stretches.length;
      const input = new Float32Array(count * cells);
      stretches.forEach((stretch, i) => input.set(stretch, i * cells));
      const shape = shapeOf(count, melBands ? cells / melBands : cells);
      const { dims, data } = await session.run(feeding.input, input, shape, feeding.output);
      // A network of a fixed batch answers for places without a stretch, too.
      const answers = data.subarray(0, data.length * stretches.length / count);
      numVectors += addVectors(answers, dims, card.embeddingAxis, sums);
    };
    const heard = toFrames ? await toFrames(samples) : [samples];
    let stretches: Float32Array[] = [];
    for (const whole of heard) {
      for (const stretch of cut(whole, melBands ?? 1)) {
        stretches.push(stretch);
        if (stretches.length < atOnce) continue;
        await add(stretches);
        stretches = [];
      }
    }
    if (stretches.length > 0) await add(stretches);
    if (!sums.every(Number.isFinite)) {
      throw new Error("the embedding must be finite: the network gives numbers that are not");
    }
    for (let i = 0; i < size; i++) out[i] = sums[i] / numVectors;
  }

  /** The stretches that go in: of samples, or of frames with so many numbers each. */
  function* cut(whole: Float32Array, width: number): Generator<Float32Array> {
    const front = card.frontEnd, isSound = front === undefined;
    const hop = isSound
      ? card.hopSeconds === undefined ? length : Math.round(card.hopSeconds * card.rateHz)
      : front!.hopFrames ?? length;
    const total = whole.length / width;
    const arrange = (stretch: Float32Array) =>
      isSound ? level(stretch) : melsFirst ? transpose(stretch, width) : stretch;
    for (const start of startsOf(total, length ?? total, hop ?? total)) {
      const end = start + (length ?? total);
      const stretch = whole.slice(start * width, end * width);
      if (stretch.length === (end - start) * width) yield arrange(stretch);
      else {
        const padded = new Float32Array((end - start) * width);
        padded.set(stretch);
        yield arrange(padded);
      }
    }
  }

  /** Brings a stretch of sound to the level that the card says, in place. */
  const level = (stretch: Float32Array) => applyLevel(stretch, card.normalise, card.scale);

  /** How spectrograms are made, where the network hears them: of at least as much sound as it takes at a time. */
  async function createFrames(
    { card: { frontEnd, rateHz, seconds = 0 } }: Backbone,
    name: string,
  ): Promise<((samples: Float32Array) => Promise<Float32Array[]>) | undefined> {
    if (!frontEnd) return undefined;
    const least = Math.round(seconds * rateHz);
    const prepare = (samples: Float32Array) => {
      const sound = new Float32Array(Math.max(samples.length, least));
      sound.set(samples);
      return level(sound);
    };
    if (!isOnnxFrontEnd(frontEnd)) {
      const compute = createMelFrames(frontEnd, rateHz);
      return (samples) => Promise.resolve([compute(prepare(samples))]);
    }
    const maker = await open(frontEndBytes!, backbone.frontEnd?.path ?? `${name}'s front end`);
    const { output = maker.outputs[0], scale, offset } = frontEnd;
    return async (samples) => {
      const sound = prepare(samples);
      const { data } = await maker.run(maker.inputs[0], sound, [1, sound.length], output);
      return [data.map((value) => scale * value + offset)];
    };
  }
  return { embed };
}

async function open(bytes: SharedArrayBuffer, name: string): Promise<Session> {
  try {
    return await openSession(new Uint8Array(bytes));
  } catch (cause) {
    const why = (cause as Error).message;
    throw new BackboneError(
      `Cannot use ${name} as a backbone as the runtime must be able to compute it: ${why}`,
      { cause },
    );
  }
}

/** Where stretches begin: every hop while they fit, and one more that ends at the end. */
export function startsOf(total: number, length: number, hop: number): number[] {
  if (total <= length) return [0];
  const starts: number[] = [];
  for (let start = 0; start + length <= total; start += hop) starts.push(start);
  if (starts[starts.length - 1] + length < total) starts.push(total - length);
  return starts;
}

/** Brings samples to a level, in place. Silence stays silence. */
export function applyLevel(
  samples: Float32Array,
  normalise: "none" | "standard" | "peak",
  scale: number,
): Float32Array {
  let mean = 0, factor = scale;
  if (normalise !== "none") {
    for (const x of samples) mean += x / samples.length;
    let squares = 0, peak = 0;
    for (const x of samples) {
      squares += (x - mean) ** 2 / samples.length;
      peak = Math.max(peak, Math.abs(x - mean));
    }
    // As Wav2Vec 2.0's own code adds it, so that silence is not divided by zero.
    factor *= normalise === "standard" ? 1 / Math.sqrt(squares + 1e-7) : peak > 0 ? 1 / peak : 1;
  }
  if (mean === 0 && factor === 1) return samples;
  for (let i = 0; i < samples.length; i++) samples[i] = factor * (samples[i] - mean);
  return samples;
}

/** `[rows, width]` as `[width, rows]`. */
function transpose(values: Float32Array, width: number): Float32Array {
  const rows = values.length / width, turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < width; i++) turned[i * rows + row] = values[row * width + i];
  }
  return turned;
}

/** Adds all vectors along an axis of an output; says how many there are. */
function addVectors(
  data: Float32Array,
  dims: readonly number[],
  axisFromEnd: number,
  sums: Float64Array,
): number {
  const axis = dims.length + axisFromEnd, size = dims[axis];
  if (size !== sums.length) {
    throw new Error(`the embedding must have ${sums.length} numbers: it has ${size ?? "no axis"}`);
  }
  const stride = dims.slice(axis + 1).reduce((product, n) => product * n, 1);
  for (let at = 0; at < data.length; at++) sums[Math.floor(at / stride) % size] += data[at];
  return data.length / size;
}
