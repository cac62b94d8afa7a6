import type { Command } from "../deps/commander.ts";
import {
  type CacheFolder,
  type CacheSettings,
  cacheSettings,
  openCacheFolder,
} from "../pipeline/cache/cache_folder.ts";
import { readValues } from "./setting_options.ts";

/** The cache that a command line asks for, if any. */
export function readCache(command: Command): CacheFolder | undefined {
  const { cache, cacheLimit } = readValues<CacheSettings>(command, cacheSettings);
  return cache === undefined ? undefined : openCacheFolder(cache, cacheLimit);
}
