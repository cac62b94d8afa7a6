/** The windowed transform of four frames at once: a periodic Hann window, then the FFT. */
import { add, COMPLEX, mul, sub } from "./simd";
import { Fft, middlePasses, storeProduct } from "./fft";

/** What a windowed transform needs; its table lies behind it in memory. */
@unmanaged
export class Stft {
  fft: Fft;
  /** For each place n in a quarter: 8 window values in order of use, 3 twiddles (14 f32). */
  firstPass: usize;
}

const ROW: usize = 56; // bytes of one row of `firstPass`

/** Bytes that `initStft` fills. */
export function stftBytes(size: usize): usize {
  return 16 + size / 8 * ROW;
}

/** Fills `stftBytes(size)` bytes at `stft`; `fft` must outlive it. */
export function initStft(stft: Stft, fft: Fft): void {
  const size = fft.size, quarter = fft.points / 4;
  stft.fft = fft;
  stft.firstPass = changetype<usize>(stft) + 16;
  let row = stft.firstPass;
  for (let n: usize = 0; n < quarter; n++, row += ROW) {
    for (let i: usize = 0; i < 4; i++) {
      const sample = (n + i * quarter) * 2;
      store<f32>(row + i * 8, <f32>hann(sample, size));
      store<f32>(row + i * 8, <f32>hann(sample + 1, size), 4);
    }
    memory.copy(row + 32, fft.twiddles + n * 24, 24);
  }
}

/** Periodic Hann window, as sin² so that its small values keep their digits. */
export function hann(n: usize, size: usize): f64 {
  const s = Math.sin(Math.PI * <f64>n / <f64>size);
  return s * s;
}

/**
 * Windows and transforms `size` vectors of samples at `frames` (a frame in each lane) into `z`, all but
 * the last pass: `lastPass` or `lastPassToPower` follows. Window and first pass are one sweep.
 */
export function transformFrames(stft: Stft, frames: usize, z: usize): void {
  const fft = stft.fft, stride = fft.points / 4 * COMPLEX;
  let row = stft.firstPass, p0 = frames, z0 = z;
  for (const end = z + stride; z0 < end; z0 += COMPLEX, p0 += COMPLEX, row += ROW) {
    const p1 = p0 + stride, p2 = p1 + stride, p3 = p2 + stride;
    const z1 = z0 + stride, z2 = z1 + stride, z3 = z2 + stride;
    const a0r = mul(v128.load(p0), v128.load32_splat(row));
    const a0i = mul(v128.load(p0, 16), v128.load32_splat(row, 4));
    const a1r = mul(v128.load(p1), v128.load32_splat(row, 8));
    const a1i = mul(v128.load(p1, 16), v128.load32_splat(row, 12));
    const a2r = mul(v128.load(p2), v128.load32_splat(row, 16));
    const a2i = mul(v128.load(p2, 16), v128.load32_splat(row, 20));
    const a3r = mul(v128.load(p3), v128.load32_splat(row, 24));
    const a3i = mul(v128.load(p3, 16), v128.load32_splat(row, 28));
    const s02r = add(a0r, a2r), s02i = add(a0i, a2i), d02r = sub(a0r, a2r), d02i = sub(a0i, a2i);
    const s13r = add(a1r, a3r), s13i = add(a1i, a3i), d13r = sub(a1r, a3r), d13i = sub(a1i, a3i);
    v128.store(z0, add(s02r, s13r));
    v128.store(z0, add(s02i, s13i), 16);
    let wr = v128.load32_splat(row, 32), wi = v128.load32_splat(row, 36);
    storeProduct(z1, add(d02r, d13i), sub(d02i, d13r), wr, wi);
    wr = v128.load32_splat(row, 40);
    wi = v128.load32_splat(row, 44);
    storeProduct(z2, sub(s02r, s13r), sub(s02i, s13i), wr, wi);
    wr = v128.load32_splat(row, 48);
    wi = v128.load32_splat(row, 52);
    storeProduct(z3, sub(d02r, d13i), add(d02i, d13r), wr, wi);
  }
  middlePasses(fft, z);
}
