import { extname } from "../../deps/std_path.ts";
import { audioExtensions } from "../decode/decode.ts";
import { readerOf } from "./folder_reader.ts";
import { compareNatural } from "./natural_order.ts";
import { isHidden } from "./passed_over.ts";

/** What a data set is cut into. */
const pieceExtensions: ReadonlySet<string> = new Set([".tar", ".parquet"]);

/**
 * The pieces of a data set in a folder, shards or tables, in natural order; none where it holds folders,
 * recordings or both kinds of them, or is none.
 */
export async function listPieces(path: string): Promise<string[]> {
  const reader = await readerOf(path), names: string[] = [];
  try {
    for await (const { name, isFile } of reader.readDir(path)) {
      if (isHidden(name)) continue;
      const extension = extname(name).toLowerCase();
      if (!isFile || audioExtensions.has(extension)) return [];
      if (pieceExtensions.has(extension)) names.push(name);
    }
  } catch {
    return []; // who lists it will say why
  }
  if (new Set(names.map((name) => extname(name).toLowerCase())).size > 1) return [];
  return names.sort(compareNatural).map((name) => `${path.replace(/(.)\/+$/, "$1")}/${name}`);
}
