/**
 * The head: a dense layer with ReLU and dropout, a dense layer of one output a class, and the loss.
 * It is a thousandth of the arithmetic, so plain loops do. Units and classes are padded to multiples
 * of 8 with zero weights; the loss looks at the real classes only.
 */
import { multiplyAdd, splat, sumLanes } from "./simd";

/** out[n] = bias + inputs[k] · kernel[k][n]. */
export function denseForward(inputs: usize, kernel: usize, bias: usize, k: i32, n: i32, out: usize): void {
  const row = <usize>n * 4;
  for (let c: usize = 0; c < row; c += 16) {
    let sum = v128.load(bias + c), w = kernel + c;
    for (let i: usize = 0; i < <usize>k * 4; i += 4) {
      sum = multiplyAdd(v128.load32_splat(inputs + i), v128.load(w), sum);
      w += row;
    }
    v128.store(out + c, sum);
  }
}

/** inputGradient[k] = kernel[k][n] · gradient[n] · factor. */
export function denseInputGradient(
  gradient: usize, kernel: usize, k: i32, n: i32, factor: f32, inputGradient: usize,
): void {
  const row = <usize>n * 4;
  for (let i: usize = 0; i < <usize>k; i++) {
    let sum = splat(0);
    for (let c: usize = 0; c < row; c += 16) {
      sum = multiplyAdd(v128.load(kernel + i * row + c), v128.load(gradient + c), sum);
    }
    store<f32>(inputGradient + i * 4, sumLanes(sum) * factor);
  }
}

/**
 * Rows `from` to `to` of the kernel's gradient, summed over the images in their order:
 * kernelGradient[i][n] = Σ inputs[image][i] · gradients[image][n].
 */
export function denseKernelGradient(
  inputs: usize, k: i32, gradients: usize, n: i32, images: i32, from: i32, to: i32, kernelGradient: usize,
): void {
  const row = <usize>n * 4;
  for (let i = from; i < to; i++) {
    for (let c: usize = 0; c < row; c += 16) {
      let sum = splat(0), p = inputs + <usize>i * 4, g = gradients + c;
      for (let b = 0; b < images; b++) {
        sum = multiplyAdd(v128.load32_splat(p), v128.load(g), sum);
        p += <usize>k * 4;
        g += row;
      }
      v128.store(kernelGradient + <usize>i * row + c, sum);
    }
  }
}

/** hidden ← ReLU(hidden) · mask. */
export function activateHidden(hidden: usize, mask: usize, units: i32): void {
  for (let i: usize = 0; i < <usize>units * 4; i += 16) {
    v128.store(hidden + i, f32x4.mul(f32x4.pmax(v128.load(hidden + i), splat(0)), v128.load(mask + i)));
  }
}

/** ReLU without dropout, for prediction. */
export function activateHiddenWhole(hidden: usize, units: i32): void {
  for (let i: usize = 0; i < <usize>units * 4; i += 16) {
    v128.store(hidden + i, f32x4.pmax(v128.load(hidden + i), splat(0)));
  }
}

/** gradient ← gradient · mask where the unit was active, else 0. */
export function hiddenGradient(gradient: usize, hidden: usize, mask: usize, units: i32): void {
  for (let i: usize = 0; i < <usize>units * 4; i += 16) {
    const active = f32x4.gt(v128.load(hidden + i), splat(0));
    const g = f32x4.mul(v128.load(gradient + i), v128.load(mask + i));
    v128.store(gradient + i, v128.and(g, active));
  }
}

/** Index of the first of the largest values. */
function largest(values: usize, count: i32): i32 {
  let best = 0;
  for (let i = 1; i < count; i++) {
    if (load<f32>(values + (<usize>i << 2)) > load<f32>(values + (<usize>best << 2))) best = i;
  }
  return best;
}

/**
 * Cross-entropy of one example's softmax with soft targets that sum to 1: −Σ t·log p.
 *
 * @param gradient dLoss/dlogits times `factor`, one a class.
 * @param result Two f64: the loss, and 1 where the right class is highest.
 */
export function softmaxLoss(
  logits: usize, targets: usize, classes: i32, factor: f64, gradient: usize, result: usize,
): void {
  const best = largest(logits, classes), highest = <f64>load<f32>(logits + (<usize>best << 2));
  let sum: f64 = 0, loss: f64 = 0;
  for (let i: usize = 0; i < <usize>classes * 4; i += 4) sum += Math.exp(<f64>load<f32>(logits + i) - highest);
  const logSum = highest + Math.log(sum);
  for (let i: usize = 0; i < <usize>classes * 4; i += 4) {
    loss += <f64>load<f32>(targets + i) * (logSum - <f64>load<f32>(logits + i));
  }
  for (let i: usize = 0; i < <usize>classes * 4; i += 4) {
    const p = Math.exp(<f64>load<f32>(logits + i) - logSum);
    store<f32>(gradient + i, <f32>((p - <f64>load<f32>(targets + i)) * factor));
  }
  store<f64>(result, loss);
  store<f64>(result + 8, best == largest(targets, classes) ? 1 : 0);
}

/**
 * Binary cross-entropy of one example's sigmoids, the mean over the classes. As for `softmaxLoss`;
 * the second result is the share of classes on the right side of one half.
 */
export function sigmoidLoss(
  logits: usize, targets: usize, classes: i32, factor: f64, gradient: usize, result: usize,
): void {
  let loss: f64 = 0, right: f64 = 0;
  for (let i: usize = 0; i < <usize>classes * 4; i += 4) {
    const z = <f64>load<f32>(logits + i), t = <f64>load<f32>(targets + i);
    loss += Math.max(z, 0) - z * t + Math.log1p(Math.exp(-Math.abs(z)));
    if ((z > 0) == (t > 0.5)) right += 1;
    store<f32>(gradient + i, <f32>((1 / (1 + Math.exp(-z)) - t) * factor / <f64>classes));
  }
  store<f64>(result, loss / <f64>classes);
  store<f64>(result + 8, right / <f64>classes);
}

/** Probabilities of one example by softmax. */
export function softmax(logits: usize, classes: i32, out: usize): void {
  const highest = <f64>load<f32>(logits + (<usize>largest(logits, classes) << 2));
  let sum: f64 = 0;
  for (let i: usize = 0; i < <usize>classes * 4; i += 4) sum += Math.exp(<f64>load<f32>(logits + i) - highest);
  for (let i: usize = 0; i < <usize>classes * 4; i += 4) {
    store<f32>(out + i, <f32>(Math.exp(<f64>load<f32>(logits + i) - highest) / sum));
  }
}

/** Probabilities of one example by sigmoid. */
export function sigmoid(logits: usize, classes: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>classes * 4; i += 4) {
    store<f32>(out + i, <f32>(1 / (1 + Math.exp(-<f64>load<f32>(logits + i)))));
  }
}

/** Adds the examples' results (pairs of f64) to `sums` (two f64). */
export function sumResults(results: usize, images: i32, sums: usize): void {
  for (let b: usize = 0; b < <usize>images; b++) {
    store<f64>(sums, load<f64>(sums) + load<f64>(results + b * 16));
    store<f64>(sums + 8, load<f64>(sums + 8) + load<f64>(results + b * 16 + 8));
  }
}
