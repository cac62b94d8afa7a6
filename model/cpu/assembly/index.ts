/** The kernels of the CPU engine, as the phases of `../program.ts` call them. */
export {
  finishGradientSums, finishMoments, foldRunningStatistics, gradientSums, normaliseSelected,
} from "./batch_norm_pool";
export {
  directForward, directKernelGradient, directPooled, prepareInput,
  scaleDirectKernel, sumPartials,
} from "./conv_direct";
export {
  packKernel, winogradBackward, winogradForward, winogradKernelGradient, winogradPooled,
} from "./conv_winograd";
export {
  activateHidden, activateHiddenWhole, denseForward, denseInputGradient, denseKernelGradient,
  hiddenGradient, sigmoid, sigmoidLoss, softmax, softmaxLoss, sumResults,
} from "./dense_loss";
export { averagePositions, meanMaxFrames, meanMaxFramesGradient } from "./global_pooling";
export { adam, addSquares, clearSum, finishNorm } from "./optimizer";
export { joinVectors } from "./simd";
