/**
 * The flags of V8 that make the CPU engine faster where a V8 has them: it joins pairs of 128-bit
 * vectors to 256 bits (x86-64 with AVX2; `model/cpu/assembly/matrix_product.ts` has the kernels for
 * it), and says so by a global `gc`, as the first of them can't be asked for. The bits stay the same.
 *
 * Run with these flags, this module prints them; where V8 does not know them, Deno ends with an
 * error before it runs, and of an older V8, where nobody has tried them, nothing is printed. So tasks
 * hand on what V8 knows:
 *
 *     deno run $(deno run -q --v8-flags=… wasm/v8_flags.ts 2>/dev/null) main.ts train
 */
export const v8Flags = "--v8-flags=--experimental-wasm-revectorize,--expose-gc";

if (import.meta.main && parseInt(Deno.version.v8) >= 15) console.log(v8Flags);
