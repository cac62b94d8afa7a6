/** Options that several commands share, and how their values are read. */
import { InvalidArgumentError, Option } from "commander";
import { type Backend, backends } from "../model/create_engine.ts";
import { type CacheFolder, openCacheFolder } from "../pipeline/cache/cache_folder.ts";

/** Reads a whole number. */
export function wholeNumber(low: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isInteger(value) || value < low) {
      throw new InvalidArgumentError(`It must be a whole number of at least ${low}.`);
    }
    return value;
  };
}

/** Reads a number between two bounds. */
export function numberFrom(low: number, high = Infinity): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !(value >= low && value <= high)) {
      const rule = high === Infinity ? `at least ${low}` : `from ${low} to ${high}`;
      throw new InvalidArgumentError(`It must be a number ${rule}.`);
    }
    return value;
  };
}

/** Reads a list of whole numbers of at least 1, such as `32,64`. */
export function wholeNumbers(text: string): number[] {
  return text.split(",").map(wholeNumber(1));
}

/** Reads an engine's name; `wasm` is what `cpu` was called. */
function backend(text: string): Backend {
  const name = backends.find((name) => name === (text === "wasm" ? "cpu" : text));
  if (name) return name;
  throw new InvalidArgumentError(`Allowed choices are ${backends.join(", ")}.`);
}

const cores = navigator.hardwareConcurrency;

/** `--backend`, `--threads`, `--workers`: where the work runs. */
export function machineOptions(): Option[] {
  return [
    new Option("--backend <name>", "what runs the model").choices([...backends]).default("auto")
      .argParser(backend),
    new Option("--threads <n>", "threads of the CPU engine").argParser(wholeNumber(1)).default(
      cores,
    ),
    new Option("--workers <n>", "threads that make features").argParser(wholeNumber(1)).default(
      cores,
    ),
  ];
}

/** The values of `machineOptions`. */
export interface MachineValues {
  readonly backend: Backend;
  readonly threads: number;
  readonly workers: number;
}

/** Reads a size such as `500MB` or `2GB`, in bytes. */
export function byteSize(text: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?) ?([kMGT]?)B?$/i.exec(text.trim()) ?? [];
  const bytes = Number(digits) * 1000 ** " kmgt".indexOf(unit ? unit.toLowerCase() : " ");
  if (bytes > 0) return bytes;
  throw new InvalidArgumentError("It must be a size above 0, such as 500MB or 2GB.");
}

/** `--cache`, `--cache-limit`: where decoded audio is kept. */
export function cacheOptions(): Option[] {
  return [
    new Option("--cache <dir>", "keep decoded audio there for later epochs and runs"),
    new Option("--cache-limit <size>", "most that is kept").argParser(byteSize)
      .default(byteSize("10GB"), "10GB"),
  ];
}

/** The values of `cacheOptions`. */
export interface CacheValues {
  readonly cache?: string;
  readonly cacheLimit: number;
}

/** The cache that was asked for, if any. */
export function openCache({ cache, cacheLimit }: CacheValues): CacheFolder | undefined {
  return cache === undefined ? undefined : openCacheFolder(cache, cacheLimit);
}
