/**
 * The module `env` that the training kernels import by name. `deno compile` looks it up (through
 * `deno.json`'s imports) while it takes the `.wasm` files along; when they run, `model/cpu/kernels.ts`
 * passes them their memory instead.
 */
export {};
