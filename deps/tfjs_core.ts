/** Tensors and the registry of kernels. */
export * from "npm:@tensorflow/tfjs-core@4.22.0";
