/** From residues to the mean of the channels' spectra. Source: Vorbis I, sections 4.3.4 to 4.3.6. */
import { mul, mulAdd } from "../../../dsp/assembly/simd";

/** Takes apart `numVectors` vectors (their addresses are at `vectors`) whose numbers are interleaved. */
export function deinterleave(from: usize, vectors: usize, numVectors: usize, length: usize): void {
  if (numVectors === 2) {
    let a = load<usize>(vectors), b = load<usize>(vectors, sizeof<usize>());
    for (const end = from + 8 * length; from < end; from += 32, a += 16, b += 16) {
      const low = v128.load(from), high = v128.load(from, 16);
      v128.store(a, i32x4.shuffle(low, high, 0, 2, 4, 6));
      v128.store(b, i32x4.shuffle(low, high, 1, 3, 5, 7));
    }
    return;
  }
  for (let i: usize = 0; i < numVectors; i++) {
    const to = load<usize>(vectors + i * sizeof<usize>());
    for (let j: usize = 0; j < length; j++) {
      store<f32>(to + 4 * j, load<f32>(from + 4 * (j * numVectors + i)));
    }
  }
}

/** Turns the magnitudes and angles of two channels into these channels, in place. */
export function decouple(magnitudes: usize, angles: usize, length: usize): void {
  for (const end = magnitudes + 4 * length; magnitudes < end; magnitudes += 16, angles += 16) {
    const magnitude = v128.load(magnitudes), angle = v128.load(angles);
    const other = lowered(magnitude, angle), isSecond = f32x4.gt(angle, f32x4.splat(0));
    v128.store(magnitudes, v128.bitselect(magnitude, other, isSecond));
    v128.store(angles, v128.bitselect(other, magnitude, isSecond));
  }
}

/**
 * The magnitude, made smaller by the size of the angle: what one of two coupled channels has, the second
 * where the angle is above zero. The other has the magnitude itself.
 */
// @ts-ignore: decorator
@inline
function lowered(magnitude: v128, angle: v128): v128 {
  const sign = i32x4.splat(1 << 31);
  const isAbove = f32x4.gt(magnitude, f32x4.splat(0));
  // M − |A| for M above zero, M + |A| else
  return f32x4.add(magnitude, v128.bitselect(v128.or(angle, sign), v128.andnot(angle, sign), isAbove));
}

/**
 * Writes the sum of two channels' spectra, whose residues are interleaved: as they are, or as magnitudes
 * and angles.
 */
export function mixStereo(
  residues: usize, curve0: usize, curve1: usize, spectrum: usize, length: usize, isCoupled: bool,
): void {
  for (const end = spectrum + 4 * length; spectrum < end; spectrum += 16) {
    const low = v128.load(residues), high = v128.load(residues, 16);
    let a = i32x4.shuffle(low, high, 0, 2, 4, 6), b = i32x4.shuffle(low, high, 1, 3, 5, 7);
    if (isCoupled) {
      const other = lowered(a, b), isSecond = f32x4.gt(b, f32x4.splat(0));
      b = v128.bitselect(other, a, isSecond);
      a = v128.bitselect(a, other, isSecond);
    }
    v128.store(spectrum, mulAdd(b, v128.load(curve1), mul(a, v128.load(curve0))));
    residues += 32;
    curve0 += 16;
    curve1 += 16;
  }
}

/** Writes curve · residue, or adds it to what there is. */
export function addSpectrum(curve: usize, residue: usize, spectrum: usize, length: usize, isFirst: bool): void {
  const end = spectrum + 4 * length;
  if (isFirst) {
    for (; spectrum < end; spectrum += 16, curve += 16, residue += 16) {
      v128.store(spectrum, mul(v128.load(curve), v128.load(residue)));
    }
  } else {
    for (; spectrum < end; spectrum += 16, curve += 16, residue += 16) {
      v128.store(spectrum, mulAdd(v128.load(curve), v128.load(residue), v128.load(spectrum)));
    }
  }
}
