/** Subframes: one channel's block, as a predictor and what it got wrong. Source: RFC 9639, section 9.2. */
import { isPastEnd, readBits, readSigned, readUnary } from "./bit_reader";
import { codes, isInvalid, needsMoreBytes, planeBytes } from "./layout";
import {
  maxOrder, predictWarmUp, resetPredictor, setCoefficient, setFixedPredictor, setWastedBits,
} from "./predictor";
import { readRiceCodes } from "./rice";

const warmUp = memory.data(4 * maxOrder, 16);

/** The number that stands for 0, −1, 1, −2, … */
// @ts-ignore: decorator
@inline
function fold(value: i32): u32 {
  return (value << 1) ^ (value >> 31);
}

/** Reads what the predictor got wrong, for the samples after the first `order` ones. */
function readResidual(out: usize, blockSize: i32, order: i32): i32 {
  const method = readBits(2);
  if (method > 1) return isInvalid;
  const parameterBits = 4 + method, escape = (1 << parameterBits) - 1;
  const partitionOrder = readBits(4), partitionSize = blockSize >> partitionOrder;
  if (partitionSize << partitionOrder !== blockSize || partitionSize < order) return isInvalid;
  out += 4 * order;
  for (let partition = 0; partition < 1 << partitionOrder; partition++) {
    const count = partition === 0 ? partitionSize - order : partitionSize;
    const parameter = readBits(parameterBits);
    if (parameter === escape) {
      const width = readBits(5);
      for (let i = 0; i < count; i++) store<u32>(out + 4 * i, fold(readSigned(width)));
    } else {
      readRiceCodes(out, count, parameter);
    }
    if (isPastEnd()) return needsMoreBytes;
    out += 4 * count;
  }
  return 1;
}

/** Reads the coefficients of a predictor with `order` of them. */
function readPredictor(subframe: i32, order: i32): i32 {
  const precision = <i32>readBits(4) + 1, shift = readSigned(5);
  if (precision === 16 || shift < 0) return isInvalid;
  resetPredictor(subframe, order, shift);
  for (let i = 0; i < order; i++) setCoefficient(subframe, i, readSigned(precision));
  return 1;
}

/**
 * Makes residuals of the samples that are stored as they are, so that all are predicted alike: by nothing
 * but zeros before the first.
 */
function foldWarmUp(subframe: i32, out: usize, order: i32): void {
  for (let i = 0; i < order; i++) {
    const at = warmUp + 4 * i;
    store<u32>(out + 4 * i, fold(load<i32>(at) - predictWarmUp(subframe, at, i)));
  }
}

/** Reads one channel's block. `width` is the bits of a sample, without those that are wasted. */
function readBlock(subframe: i32, type: i32, blockSize: i32, width: i32): i32 {
  const out = codes + subframe * planeBytes;
  v128.store(out + 4 * blockSize, i32x4.splat(0)); // to the vector's end
  if (type <= 1) {
    setFixedPredictor(subframe, 0);
    let code: u32 = 0;
    for (let i = 0; i < blockSize; i++) {
      if (i === 0 || type === 1) code = fold(readSigned(width));
      store<u32>(out + 4 * i, code);
    }
    return 1;
  }
  const isLinear = type >= 32, order = isLinear ? type - 31 : type - 8;
  if (order < 0 || order > blockSize || (!isLinear && order > 4)) return isInvalid;
  for (let i = 0; i < order; i++) store<i32>(warmUp + 4 * i, readSigned(width));
  if (!isLinear) setFixedPredictor(subframe, order);
  else if (readPredictor(subframe, order) === isInvalid) return isInvalid;
  foldWarmUp(subframe, out, order);
  return readResidual(out, blockSize, order);
}

/**
 * Reads one channel's block: its residuals to the subframe's plane of codes, its predictor, and how many
 * bits its samples are to be shifted to the left.
 *
 * @returns 1, or one of the codes of `layout`.
 */
export function readSubframe(subframe: i32, blockSize: i32, bitsPerSample: i32): i32 {
  if (readBits(1) !== 0) return isInvalid;
  const type = <i32>readBits(6);
  let wastedBits = 0;
  if (readBits(1)) {
    wastedBits = readUnary() + 1;
    if (wastedBits === 0) return needsMoreBytes;
  }
  const width = bitsPerSample - wastedBits;
  if (width < 1) return isInvalid;
  setWastedBits(subframe, wastedBits);
  return readBlock(subframe, type, blockSize, width);
}
