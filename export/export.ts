/**
 * Saved models as files for other programs: ONNX, from sound to probabilities in one graph, and safetensors,
 * the weights for PyTorch. Bytes come out; where they are written is the command's business.
 */
export { createOnnx, type OnnxOptions } from "./onnx_model.ts";
export { createSafetensors } from "./safetensors.ts";
