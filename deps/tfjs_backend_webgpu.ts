/** The WebGPU backend of TensorFlow.js. */
export * from "npm:@tensorflow/tfjs-backend-webgpu@4.22.0";
