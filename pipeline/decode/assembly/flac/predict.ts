/** Prediction: residuals become samples. Subframes know nothing of each other: four go at a time. */
import { codes, lanes, planeBytes, samples } from "./layout";
import { predictNarrow } from "./predict_narrow";
import { predictWide } from "./predict_wide";
import {
  orderOf, predictWarmUp, predictOne, resetPredictor, setWastedBits, vectorOrder, wastedBitsOf,
} from "./predictor";

/** Fills the lanes after `numSubframes` with silence. */
function silenceRest(numSubframes: i32, end: i32, blockSize: i32): void {
  for (let subframe = numSubframes; subframe < end; subframe++) {
    resetPredictor(subframe, 0, 0);
    setWastedBits(subframe, 0);
    memory.fill(codes + subframe * planeBytes, 0, 4 * blockSize + 12);
  }
}

/** Predicts one subframe of any order. */
function predictSerially(subframe: i32, blockSize: i32): void {
  const from = codes + subframe * planeBytes, to = samples + subframe * planeBytes;
  const order = orderOf(subframe);
  for (let i = 0; i < blockSize; i++) {
    const code = load<u32>(from + 4 * i), at = to + 4 * i;
    const residual = <i32>(code >> 1) ^ -<i32>(code & 1);
    const predicted = i < order ? predictWarmUp(subframe, at, i) : predictOne(subframe, at);
    store<i32>(at, residual + predicted);
  }
}

/** Turns the first `numSubframes` planes of codes into planes of samples. */
export function predict(numSubframes: i32, blockSize: i32, bitsPerSample: i32): void {
  const end = (numSubframes + lanes - 1) / lanes * lanes;
  silenceRest(numSubframes, end, blockSize);
  for (let first = 0; first < end; first += lanes) {
    let order = 0;
    for (let lane = 0; lane < lanes; lane++) order = max(order, orderOf(first + lane));
    if (order > vectorOrder) {
      for (let lane = 0; lane < lanes; lane++) predictSerially(first + lane, blockSize);
    } else if (bitsPerSample > 16 || !predictNarrow(first, blockSize)) {
      predictWide(first, blockSize);
    }
  }
  for (let subframe = 0; subframe < numSubframes; subframe++) {
    const wastedBits = wastedBitsOf(subframe), plane = samples + subframe * planeBytes;
    if (wastedBits === 0) continue;
    for (let i: usize = 0; i < <usize>(4 * blockSize); i += 4) {
      store<i32>(plane + i, load<i32>(plane + i) << wastedBits);
    }
  }
}
