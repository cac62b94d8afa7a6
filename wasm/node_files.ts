/**
 * Imported first by what runs in Node, too: reads the program's files through Node's file system, as Node's `fetch`
 * knows no files. Elsewhere it does nothing.
 */
import { readAssetsWith } from "./load.ts";

const { process } = globalThis as {
  readonly process?: {
    /** Imports nothing, so a bundle for browsers needs no stand-in. */
    getBuiltinModule?(name: string): { readFile(url: URL): Promise<Uint8Array> };
  };
};
const files = process?.getBuiltinModule?.("node:fs/promises");

if (files) readAssetsWith(async (url) => new Uint8Array(await files.readFile(url)));
