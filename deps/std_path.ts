/** Paths, of Deno's standard library as npm has it. */
// @ts-types="./std_path.d.ts"
export * from "npm:deno-std@1.4.0/path/mod.js";
