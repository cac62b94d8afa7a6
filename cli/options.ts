/** Options that several commands share, and how their values are read. */
import { InvalidArgumentError, Option } from "commander";
import { backends } from "../model/create_engine.ts";

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

const cores = navigator.hardwareConcurrency;

/** `--backend`, `--threads`, `--workers`: where the work runs. */
export function machineOptions(): Option[] {
  return [
    new Option("--backend <name>", "what runs the model").choices([...backends]).default("auto"),
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
  readonly backend: typeof backends[number];
  readonly threads: number;
  readonly workers: number;
}
