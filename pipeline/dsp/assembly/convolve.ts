/** Convolution with a long kernel: overlap-add over the FFT, four blocks at once in the lanes. */
import { add, COMPLEX, interleave, mul, mulAdd, storeTransposed, sub, VECTOR } from "./simd";
import { Fft, transform } from "./fft";
import { inverse, splitSpectrum } from "./real_fft";

/**
 * Writes a kernel's spectrum (size/2 + 1 complex vectors), scaled for `convolveBlocks`.
 *
 * @param kernel `length` f32 samples, at most fft.size.
 * @param z fft.size vectors of working memory.
 */
export function prepareKernel(fft: Fft, kernel: usize, length: usize, z: usize, spectrum: usize): void {
  const scale = f32x4.splat(1 / (4 * <f32>fft.size)); // both spectra are doubled; the way back, size
  for (let n: usize = 0; n < length; n++) {
    v128.store(z + n * VECTOR, mul(v128.load32_splat(kernel + n * 4), scale));
  }
  memory.fill(z + length * VECTOR, 0, (fft.size - length) * VECTOR);
  transform(fft, z);
  splitSpectrum(fft, z, spectrum);
}

/**
 * Convolves four neighbouring blocks of `block` samples (a multiple of 4) and adds the result to the
 * 3·block + fft.size samples at `output`. block + kernel length − 1 must be at most fft.size.
 *
 * @param work fft.size vectors, then fft.size + 2.
 */
export function convolveBlocks(
  fft: Fft, kernel: usize, input: usize, block: usize, output: usize, work: usize,
): void {
  const z = work, spectrum = z + fft.size * VECTOR, step = block * 4;
  interleave(z, input, input + step, input + 2 * step, input + 3 * step, block);
  memory.fill(z + block * VECTOR, 0, (fft.size - block) * VECTOR);
  transform(fft, z);
  splitSpectrum(fft, z, spectrum);
  for (let at = spectrum, end = spectrum + (fft.points + 1) * COMPLEX; at < end; at += COMPLEX) {
    const re = v128.load(at), im = v128.load(at, 16);
    const kernelRe = v128.load(kernel), kernelIm = v128.load(kernel, 16);
    v128.store(at, sub(mul(re, kernelRe), mul(im, kernelIm)));
    v128.store(at, mulAdd(re, kernelIm, mul(im, kernelRe)), 16);
    kernel += COMPLEX;
  }
  inverse(fft, spectrum, z);

  const results = spectrum; // four blocks of samples, one after the other
  const length = fft.size * 4;
  for (let n: usize = 0, position = fft.positions; n < length; n += 16, position += 8) {
    const first = z + load<u32>(position), second = z + load<u32>(position, 4), to = results + n;
    storeTransposed(
      v128.load(first, 16), v128.load(first), v128.load(second, 16), v128.load(second),
      to, to + length, to + 2 * length, to + 3 * length,
    );
  }
  for (let i: usize = 0; i < 4; i++, output += step) {
    for (let n: usize = 0; n < length; n += VECTOR) {
      const sum = add(v128.load(output + n), v128.load(results + i * length + n));
      v128.store(output + n, sum);
    }
  }
}
