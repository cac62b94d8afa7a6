/** Runs ONNX files in WebAssembly (MIT; 14 MB of it are used). Loaded only where a backbone is. */
export * from "npm:onnxruntime-web@1.30.0/wasm";
