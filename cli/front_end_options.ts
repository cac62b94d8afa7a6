/** Options that say how features are made, for every command that makes them anew. */
import { type Command, Option } from "commander";
import { checkFrontEnd, defaultFrontEnd, type FrontEnd } from "../pipeline/front_end.ts";
import { numberFrom, wholeNumber } from "./options.ts";

/** An option for each number of a front end. The pipeline checks what the numbers allow together. */
const options: readonly [setting: keyof FrontEnd, create: () => Option][] = [
  [
    "durationSeconds",
    () =>
      new Option("--seconds <s>", "length that clips are cut or padded to").argParser(
        numberFrom(0),
      ),
  ],
  [
    "sampleRateHz",
    () =>
      new Option("--sample-rate <hz>", "rate that clips are resampled to").argParser(
        wholeNumber(1),
      ),
  ],
  ["melBands", () => new Option("--mels <n>", "mel bands").argParser(wholeNumber(1))],
  [
    "fftSize",
    () => new Option("--fft <n>", "samples of a window, a power of two").argParser(wholeNumber(1)),
  ],
  [
    "hopSamples",
    () => new Option("--hop <n>", "samples between windows").argParser(wholeNumber(1)),
  ],
  [
    "minHz",
    () => new Option("--min-hz <hz>", "where the mel bands begin").argParser(numberFrom(0)),
  ],
];

/** `--seconds`, `--sample-rate`, `--mels`, `--fft`, `--hop`, `--min-hz`, `--max-hz`. */
export function frontEndOptions(): Option[] {
  return [
    ...options.map(([setting, create]) => create().default(defaultFrontEnd[setting])),
    new Option("--max-hz <hz>", "where they end (default: half the sample rate)")
      .argParser(numberFrom(0)),
  ];
}

/**
 * The front end that a command line asks for.
 *
 * @param base What holds where the command line says nothing.
 * @throws {RangeError} where such features cannot be made.
 */
export function readFrontEnd(command: Command, base: FrontEnd = defaultFrontEnd): FrontEnd {
  const frontEnd = { ...base };
  for (const [setting, create] of options) {
    const name = create().attributeName();
    if (command.getOptionValueSource(name) === "cli") {
      Object.assign(frontEnd, { [setting]: command.getOptionValue(name) });
    }
  }
  const maxHz: number | undefined = command.getOptionValue("maxHz");
  const sameRate = frontEnd.sampleRateHz === base.sampleRateHz;
  const whole = {
    ...frontEnd,
    maxHz: maxHz ?? (sameRate ? base.maxHz : frontEnd.sampleRateHz / 2),
  };
  checkFrontEnd(whole);
  return whole;
}
