/** Opus: libopus as WebAssembly. */
export * from "npm:opus-decoder@0.7.12";
