/** Every kind of FLAC frame decodes to the samples that were encoded, bit for bit. */
import { assertStrictEquals } from "@std/assert";
import { bytesSource } from "../../../pipeline/locations/byte_source.ts";
import { decodeSource } from "../../../pipeline/decode/decode.ts";
import { createRandom, type Random } from "../../../pipeline/random.ts";
import {
  encodeFlac,
  type FlacFormat,
  type FramePlan,
  residualOf,
  type SubframePlan,
} from "./flac_encoder.ts";
import { maxDifference } from "./fixtures.ts";

/** What the frames of one file may be like. */
interface Family {
  readonly bitsPerSample: number;
  readonly numChannels: number;
  /** The longest predictor. */
  readonly maxOrder: number;
  /** At full scale the difference of channels of opposite sign takes one bit more. */
  readonly loudness?: "any" | "extreme";
}

const families: Readonly<Record<string, Family>> = {
  "16 bits, stereo": { bitsPerSample: 16, numChannels: 2, maxOrder: 13 },
  "16 bits, full scale": {
    bitsPerSample: 16,
    numChannels: 2,
    maxOrder: 12,
    loudness: "extreme",
  },
  "16 bits, long predictors": { bitsPerSample: 16, numChannels: 2, maxOrder: 32 },
  "8 bits, mono": { bitsPerSample: 8, numChannels: 1, maxOrder: 12 },
  "4 bits, three channels": { bitsPerSample: 4, numChannels: 3, maxOrder: 8 },
  "12 bits, eight channels": { bitsPerSample: 12, numChannels: 8, maxOrder: 12 },
  "24 bits, stereo": { bitsPerSample: 24, numChannels: 2, maxOrder: 12, loudness: "extreme" },
  "31 bits, stereo": { bitsPerSample: 31, numChannels: 2, maxOrder: 4, loudness: "extreme" },
  "32 bits, mono": { bitsPerSample: 32, numChannels: 1, maxOrder: 2 },
};

function drawSignal(random: Random, length: number, { bitsPerSample, loudness }: Family): number[] {
  const full = 2 ** (bitsPerSample - 1), kind = random.integer(4);
  if (kind === 0) return new Array(length).fill(random.integer(2 * full) - full);
  const amplitude = loudness === "extreme" ? full : full * 2 ** -random.integer(bitsPerSample);
  const step = random.uniform(0.01, 3), rarity = random.uniform(0, 1);
  return Array.from({ length }, (_, i) => {
    const wave = kind === 1 ? Math.sin(step * i) : random.uniform(-1, 1);
    const value = kind === 3 && random.next() < rarity ? 0 : Math.round(amplitude * wave * 1.2);
    return Math.max(-full, Math.min(full - 1, value));
  });
}

function drawSubframe(random: Random, samples: readonly number[], family: Family): SubframePlan {
  const bits = samples.reduce((all, x) => all | x, 0);
  const wastedBits = bits === 0 ? 0 : Math.min(31 - Math.clz32(bits & -bits), random.integer(4));
  const isConstant = samples.every((x) => x === samples[0]);
  const kind = isConstant && random.integer(2) === 0
    ? "constant"
    : (["verbatim", "fixed", "linear", "linear"] as const)[random.integer(4)];
  const order = kind === "fixed"
    ? random.integer(5)
    : kind === "linear"
    ? 1 + random.integer(family.maxOrder)
    : 0;
  const shift = kind === "linear" ? random.integer(16) : 0;
  // Coefficients of all sizes, but such that what is foretold stays below twice the full scale.
  const most = Math.min(2 ** 14, 2 ** shift) / Math.max(1, order);
  const coefficients = Array.from(
    { length: order },
    () => Math.max(-(2 ** 14), Math.min(2 ** 14 - 1, Math.round(random.uniform(-1, 1) * most))),
  );
  let partitionOrder = random.integer(3);
  while (samples.length / 2 ** partitionOrder < order) partitionOrder--;
  const plan: SubframePlan = { kind, coefficients, shift, wastedBits, partitionOrder };
  const residual = kind === "fixed" || kind === "linear"
    ? residualOf(samples.map((x) => x / 2 ** wastedBits), plan)
    : [];
  const largest = residual.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
  if (largest >= 2 ** 31) return { ...plan, kind: "verbatim", coefficients: [], shift: 0 };
  if (largest < 2 ** 30 && random.integer(8) === 0) return plan;
  const needed = Math.ceil(Math.log2(2 * largest + 1));
  return { ...plan, parameter: Math.max(0, Math.min(30, needed - random.integer(8))) };
}

/** Draws a frame, and adds what its channels come to, as they are mixed. */
function drawFrame(random: Random, format: FlacFormat, family: Family): [FramePlan, number[]] {
  const { numChannels, bitsPerSample, blockSize } = format;
  const channels = Array.from({ length: numChannels }, () => drawSignal(random, blockSize, family));
  if (numChannels === 2 && random.integer(2) === 0) {
    const sign = random.integer(2) === 0 ? 1 : -1;
    channels[1] = channels[0].map((x) => Math.min(2 ** (bitsPerSample - 1) - 1, sign * x));
  }
  const assignment = numChannels === 2 && bitsPerSample < 32 && random.integer(4) > 0
    ? 8 + random.integer(3)
    : numChannels - 1;
  const [left, right] = channels, side = left.map((x, i) => x - (right?.[i] ?? 0));
  const coded = assignment === 8
    ? [left, side]
    : assignment === 9
    ? [side, right]
    : assignment === 10
    ? [left.map((x, i) => Math.floor((x + right[i]) / 2)), side]
    : channels;
  const subframes = coded.map((samples) => drawSubframe(random, samples, family));
  const scale = Math.fround(1 / (2 ** (bitsPerSample - 1) * numChannels));
  const mixed = left.map((_, i) => {
    const sum = assignment >= 8
      ? Math.fround(left[i] + right[i])
      : channels.reduce((sum, { [i]: x }) => Math.fround(sum + Math.fround(x)), 0);
    return Math.fround(sum * scale);
  });
  return [{ channels: coded, subframes, assignment }, mixed];
}

for (const [name, family] of Object.entries(families)) {
  Deno.test(`FLAC of ${name}: any predictor, code and number of frames gives the samples encoded`, async () => {
    const random = createRandom("FLAC frames", name);
    for (let file = 0; file < 60; file++) {
      const blockSize = 4 * (8 + random.integer(80)); // in up to four parts
      const format = { ...family, sampleRateHz: 8000, blockSize };
      const frames = Array.from(
        { length: 1 + random.integer(6) },
        () => drawFrame(random, format, family),
      );
      const bytes = encodeFlac(format, frames.map(([frame]) => frame));
      const { samples } = await decodeSource(bytesSource(`${file}.flac`, bytes));
      const expected = frames.flatMap(([, mixed]) => mixed);
      assertStrictEquals(samples.length, expected.length);
      assertStrictEquals(maxDifference(samples, expected), 0, `file ${file}`);
    }
  });
}
