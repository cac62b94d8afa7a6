/**
 * Imported first by the program's entry points, its threads' too: reads the program's files through
 * Deno's file API, since the files inside a compiled program are there for nothing else.
 */
import { readAssetsWith } from "./load.ts";

readAssetsWith((url) => Deno.readFile(url));
