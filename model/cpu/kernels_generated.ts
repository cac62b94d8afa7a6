// Made from model/cpu/assembly/index.ts by `deno task wasm`: change that file instead.
// deno-fmt-ignore-file

/** What the kernels export; addresses are bytes into `memory`. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  finishGradientSums(sums: number, images: number, pixelsPerImage: number, channels: number, coefficients: number, gammaGradient: number, betaGradient: number): void;
  finishMoments(moments: number, images: number, pixelsPerImage: number, channels: number, gamma: number, beta: number, runningMean: number, runningVariance: number, momentum: number, epsilon: number, coefficients: number): void;
  foldRunningStatistics(gamma: number, beta: number, runningMean: number, runningVariance: number, epsilon: number, channels: number, factor: number, addend: number): void;
  gradientSums(selected: number, rows: number, columns: number, channels: number, gradient: number, gradientRowBytes: number, gradientPixelBytes: number, coefficients: number, sums: number): void;
  normaliseSelected(selected: number, rows: number, columns: number, channels: number, coefficients: number, out: number, outRowBytes: number): void;
  directForward(padded: number, paddedRowBytes: number, height: number, width: number, channels: number, kernel: number, gamma: number, moments: number, selected: number, scratch: number, rowBytes: number): void;
  directKernelGradient(padded: number, paddedRowBytes: number, height: number, width: number, channels: number, kernel: number, selected: number, gradient: number, gradientRowBytes: number, gradientPixelBytes: number, coefficients: number, kernelGradient: number, scratch: number, rowBytes: number): void;
  directPooled(padded: number, paddedRowBytes: number, height: number, width: number, channels: number, kernel: number, addend: number, out: number, outRowBytes: number, scratch: number, rowBytes: number): void;
  prepareInput(input: number, height: number, width: number, scale: number, offset: number, padded: number, paddedRowBytes: number): void;
  scaleDirectKernel(kernel: number, channels: number, factor: number, out: number): void;
  sumPartials(partials: number, count: number, floats: number, sums: number): void;
  packKernel(kernel: number, inputs: number, outputs: number, from: number, factor: number, packed: number, transposed: number, scratch: number): void;
  winogradBackward(x: number, images: number, height: number, width: number, inputs: number, outputs: number, transposedKernel: number, y: number, selected: number, gradient: number, gradientImage: number, gradientRow: number, gradientPixel: number, coefficients: number, kernelGradient: number, dx: number, block: number, scratch: number): void;
  winogradForward(x: number, height: number, width: number, inputs: number, outputs: number, kernel: number, y: number, gamma: number, moments: number, selected: number, block: number, scratch: number): void;
  winogradKernelGradient(partials: number, count: number, inputs: number, outputs: number, from: number, gradient: number, scratch: number): void;
  winogradPooled(x: number, tilesDown: number, tilesAcross: number, inputs: number, outputs: number, kernel: number, addend: number, pooledRows: number, pooledColumns: number, out: number, outRowBytes: number, block: number, scratch: number): void;
  activateHidden(hidden: number, mask: number, units: number): void;
  activateHiddenWhole(hidden: number, units: number): void;
  denseForward(inputs: number, kernel: number, bias: number, k: number, n: number, out: number): void;
  denseInputGradient(gradient: number, kernel: number, k: number, n: number, factor: number, inputGradient: number): void;
  denseKernelGradient(inputs: number, k: number, gradients: number, n: number, images: number, from: number, to: number, kernelGradient: number): void;
  hiddenGradient(gradient: number, hidden: number, mask: number, units: number): void;
  sigmoid(logits: number, classes: number, out: number): void;
  sigmoidLoss(logits: number, targets: number, classes: number, factor: number, gradient: number, result: number): void;
  softmax(logits: number, classes: number, out: number): void;
  softmaxLoss(logits: number, targets: number, classes: number, factor: number, gradient: number, result: number): void;
  sumResults(results: number, images: number, sums: number): void;
  averagePositions(pooled: number, positions: number, channels: number, out: number): void;
  meanMaxFrames(pooled: number, rows: number, columns: number, channels: number, frames: number, out: number): void;
  meanMaxFramesGradient(frames: number, rows: number, columns: number, channels: number, gradient: number): void;
  adam(values: number, gradient: number, first: number, second: number, floats: number, beta1: number, beta2: number, epsilon: number, stepSize: number, secondFactor: number, kept: number, scale: number): void;
  addSquares(values: number, floats: number, sum: number): void;
  clearSum(sum: number): void;
  finishNorm(squares: number, count: number, clipNorm: number, scale: number, largestNorm: number): void;
  joinVectors(on: boolean): number;
}
