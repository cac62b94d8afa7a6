/** Streams, of Deno's standard library as npm has it. */
// @ts-types="./std_streams.d.ts"
export * from "npm:deno-std@1.4.0/streams/mod.js";
