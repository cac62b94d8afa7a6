/** A FLAC encoder that does as it is told: every kind of subframe, predictor and code. */
import { bigEndian, codedNumber, crc } from "./flac_files.ts";
import { ascii, joinBytes } from "./wav_files.ts";

/** How a channel's block is coded. */
export interface SubframePlan {
  /** Constant is for samples that are all equal; fixed and linear predict. */
  readonly kind: "constant" | "verbatim" | "fixed" | "linear";
  /** Of the nearest sample first; `fixed` takes their number alone, 0 to 4. */
  readonly coefficients: readonly number[];
  /** 0 to 15; 0 for `fixed`. */
  readonly shift: number;
  /** Zeros at the end of every sample. */
  readonly wastedBits: number;
  /** Bits of a Rice code's remainder, 0 to 30; `undefined` stores residuals of up to 31 bits as they are. */
  readonly parameter?: number;
  /** The residual goes in 2^order parts. */
  readonly partitionOrder: number;
}

/** What all frames have in common. */
export interface FlacFormat {
  readonly numChannels: number;
  readonly bitsPerSample: number;
  readonly sampleRateHz: number;
  readonly blockSize: number;
}

/** A frame: its channels as they are coded, perhaps as differences, and how. */
export interface FramePlan {
  readonly channels: readonly (readonly number[])[];
  readonly subframes: readonly SubframePlan[];
  /** 0 to 7: channels less one; 8, 9, 10: left/side, side/right, mid/side. */
  readonly assignment: number;
}

/** Writes bits, the most significant first. */
class BitWriter {
  readonly #bits: number[] = [];

  write(value: number, count: number): void {
    for (let i = count - 1; i >= 0; i--) this.#bits.push(Math.floor(value / 2 ** i) & 1);
  }

  writeUnary(zeros: number): void {
    for (let i = 0; i < zeros; i++) this.#bits.push(0);
    this.#bits.push(1);
  }

  /** What was written, with zeros up to the next whole byte. */
  toBytes(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(Math.ceil(this.#bits.length / 8));
    this.#bits.forEach((bit, i) => bytes[i >> 3] |= bit << (7 - (i & 7)));
    return bytes;
  }
}

/** Encodes a file. */
export function encodeFlac(format: FlacFormat, frames: readonly FramePlan[]): Uint8Array {
  const { numChannels, bitsPerSample, sampleRateHz, blockSize } = format;
  const total = frames.length * blockSize;
  const bits = sampleRateHz * 2 ** 44 + (numChannels - 1) * 2 ** 41 + (bitsPerSample - 1) * 2 ** 36;
  const info = joinBytes(
    bigEndian(blockSize, 2),
    bigEndian(blockSize, 2),
    new Uint8Array(6), // lengths of frames: not known
    bigEndian(Math.floor(bits / 2 ** 32), 4),
    bigEndian(total, 4),
    new Uint8Array(16),
  );
  const encoded = frames.flatMap((frame, i) => {
    const header = [0xff, 0xf8, 0x70, frame.assignment << 4, ...codedNumber(i)];
    header.push(...bigEndian(blockSize - 1, 2));
    header.push(crc(header, 8, 0x07));
    const bytes = joinBytes(header, encodeSubframes(frame, bitsPerSample));
    return [bytes, Uint8Array.from(bigEndian(crc(bytes, 16, 0x8005), 2))];
  });
  return joinBytes(ascii("fLaC"), [0x80, 0, 0, 34], info, ...encoded);
}

function encodeSubframes({ channels, subframes, assignment }: FramePlan, bits: number): Uint8Array {
  const writer = new BitWriter();
  for (const [i, samples] of channels.entries()) {
    const isSide = assignment >= 8 && i === (assignment === 9 ? 0 : 1);
    writeSubframe(writer, samples, subframes[i], bits + (isSide ? 1 : 0));
  }
  return writer.toBytes();
}

function writeSubframe(
  writer: BitWriter,
  samples: readonly number[],
  plan: SubframePlan,
  bits: number,
): void {
  const { kind, wastedBits, shift } = plan, order = plan.coefficients.length;
  const type = { constant: 0, verbatim: 1, fixed: 8 + order, linear: 31 + order }[kind];
  writer.write(type * 2 + (wastedBits > 0 ? 1 : 0), 8);
  if (wastedBits > 0) writer.writeUnary(wastedBits - 1);
  const width = bits - wastedBits, values = samples.map((x) => x / 2 ** wastedBits);
  const stored = { constant: 1, verbatim: values.length, fixed: order, linear: order }[kind];
  for (const value of values.slice(0, stored)) writer.write(value, width);
  if (kind === "linear") {
    writer.write(15 - 1, 4);
    writer.write(shift, 5);
    for (const coefficient of plan.coefficients) writer.write(coefficient, 15);
  }
  if (kind === "fixed" || kind === "linear") writeResidual(writer, residualOf(values, plan), plan);
}

/** What the predictor gets wrong, for the samples after its first ones. */
export function residualOf(
  values: readonly number[],
  { kind, coefficients, shift }: SubframePlan,
): number[] {
  const order = coefficients.length;
  const factors = kind === "fixed" ? fixedCoefficients[order] : coefficients;
  return values.slice(order).map((value, i) => {
    const sum = factors.reduce((sum, factor, j) => sum + factor * values[order + i - 1 - j], 0);
    return value - Math.floor(sum / 2 ** shift);
  });
}

const fixedCoefficients = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]];

function writeResidual(writer: BitWriter, residual: number[], plan: SubframePlan): void {
  const { coefficients, parameter, partitionOrder } = plan;
  const partitionSize = (residual.length + coefficients.length) / 2 ** partitionOrder;
  writer.write(1, 2); // parameters of 5 bits
  writer.write(partitionOrder, 4);
  for (let i = 0, at = 0; i < 2 ** partitionOrder; i++) {
    const end = (i + 1) * partitionSize - coefficients.length;
    writer.write(parameter ?? 31, 5);
    if (parameter === undefined) writer.write(31, 5);
    for (; at < end; at++) {
      if (parameter === undefined) writer.write(residual[at], 31);
      else {
        const folded = residual[at] < 0 ? -2 * residual[at] - 1 : 2 * residual[at];
        writer.writeUnary(Math.floor(folded / 2 ** parameter));
        writer.write(folded, parameter);
      }
    }
  }
}
