/** Declarations of what is used of `@std/streams`, as npm's `deno-std` has its code without them. */

export declare class TextLineStream extends TransformStream<string, string> {
  constructor(options?: { readonly allowCR?: boolean });
}
export declare class DelimiterStream extends TransformStream<Uint8Array, Uint8Array> {
  constructor(delimiter: Uint8Array);
}
export declare function toText(stream: ReadableStream): Promise<string>;
export declare function toJson(stream: ReadableStream): Promise<unknown>;
export declare function toBytes(
  stream: ReadableStream<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>>;
