/** MP3: mpg123, which is under the LGPL, as WebAssembly. */
export * from "npm:mpg123-decoder@1.0.3";
