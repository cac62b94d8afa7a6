import { Command } from "../deps/commander.ts";
import { type Decision, decisionSettings } from "../model/decision.ts";
import { unknownBytes, type WavFormat, wavHeader } from "../pipeline/encode_wav.ts";
import { createWindowing } from "../pipeline/windows.ts";
import { openLabeller } from "../run/prediction/labeller.ts";
import { micro } from "../run/events/event_format.ts";
import { resolveEventOptions } from "../run/events/events.ts";
import { type HeardWindow, listen } from "../run/prediction/listen.ts";
import { predictWindowSettings } from "../run/prediction/predict_windows.ts";
import { machineSettings } from "../run/config/run_settings.ts";
import { SettingError, type SettingsOf, type SettingTable } from "../settings/setting.ts";
import { oneOf, onOrOff, wholeNumberIn } from "../settings/value_range.ts";
import { commonSettings } from "./common_settings.ts";
import { fileSettings } from "./predict_settings.ts";
import { openModels } from "./open_models.ts";
import { addOptions, readValues } from "./setting_options.ts";
import { closedOutput, createTerminal } from "./terminal.ts";

/** Samples without a header, as the field's programs call them: format tag, bytes, order of the bytes. */
const rawFormats = {
  u8: [1, 1, "le"],
  s16le: [1, 2, "le"],
  s24le: [1, 3, "le"],
  s32le: [1, 4, "le"],
  f32le: [3, 4, "le"],
  f64le: [3, 8, "le"],
  s16be: [1, 2, "be"],
  s24be: [1, 3, "be"],
  s32be: [1, 4, "be"],
  f32be: [3, 4, "be"],
  f64be: [3, 8, "be"],
  alaw: [6, 1, "le"],
  mulaw: [7, 1, "le"],
} as const;

/** What comes through standard input, and what is done with it. */
interface ListenWords {
  readonly format?: keyof typeof rawFormats;
  readonly rate?: number;
  readonly channels: number;
  readonly live: boolean;
}

const words: SettingsOf<ListenWords> = {
  format: {
    range: oneOf(...Object.keys(rawFormats) as (keyof typeof rawFormats)[]),
    defaultWords: "a sound file, such as WAV",
    help: "samples without a header",
    group: "Data",
    placeholder: "name",
  },
  rate: {
    range: wholeNumberIn({ min: 1000, max: 768_000 }),
    help: "their sample rate",
    group: "Data",
    placeholder: "hz",
  },
  channels: {
    range: wholeNumberIn({ min: 1, max: 64 }),
    default: 1,
    help: "their channels",
    group: "Data",
  },
  live: {
    range: onOrOff,
    default: false,
    help: "never let the source wait: drop windows that there is no time for, and count them",
    group: "Windows",
  },
};

const { model, backbone } = fileSettings, { window, hop, top, minScore } = predictWindowSettings;
const shared = { model, backbone, window, hop, top, minScore };

/** The settings of `listen`. */
export const listenSettings: readonly SettingTable[] = [
  ...[shared, words, decisionSettings, machineSettings, commonSettings],
];

/** `listen`: what is heard in the sound that comes through standard input. */
export function listenCommand(): Command {
  const command = new Command("listen")
    .description(
      "Label the sound that comes through standard input: a JSON line a window, on stdout",
    )
    .action(runListen);
  return addOptions(command, listenSettings);
}

async function runListen(_: unknown, command: Command): Promise<void> {
  const { format, rate, channels, live } = readValues(command, words);
  const asked = readValues(command, shared), terminal = createTerminal();
  const header = format && rawHeader(format, rate, channels);
  const { models, path } = await openModels(asked.model), [{ card }] = models;
  const lengths = { windowSeconds: asked.window, hopSeconds: asked.hop };
  const windowing = createWindowing(card.frontEnd, lengths);
  const decided = readValues(command, decisionSettings);
  const { backbone } = asked,
    options = { ...decided, backbone, ...readValues(command, machineSettings) };
  const labeller = await openLabeller(models, options, terminal.line);
  try {
    terminal.line(`model      ${path} (${card.classes.length} classes)`);
    terminal.line(`engine     ${labeller.engine} — ${labeller.engineReason}`);
    const { length, hop, sampleRateHz } = windowing;
    terminal.line(`windows    of ${length / sampleRateHz} s, every ${hop / sampleRateHz} s`);
    const sound = header
      ? ReadableStream.from(withHeader(header, Deno.stdin.readable))
      : Deno.stdin.readable;
    const { top, minScore } = resolveEventOptions(card, { ...asked, ...decided });
    const { decision } = labeller;
    let numWindows = 0, dropped = 0;
    for await (const heard of listen(labeller, "standard input", sound, { windowing, live })) {
      await printLine(describe(heard, { decision, top, minScore }));
      numWindows++;
      dropped += heard.dropped;
    }
    terminal.line(`${numWindows} windows${live ? `, ${dropped} dropped` : ""}`);
  } finally {
    await labeller.close();
  }
}

/** A header for samples that have none. @throws {SettingError} where their rate is not said. */
function rawHeader(
  format: keyof typeof rawFormats,
  sampleRateHz: number | undefined,
  numChannels: number,
): Uint8Array {
  const [formatTag, sampleBytes, order] = rawFormats[format];
  if (sampleRateHz === undefined) {
    throw new SettingError(
      "listen",
      "rate",
      "said, as samples without a header do not say it",
      "none",
    );
  }
  const wav: WavFormat = {
    ...{ formatTag, sampleBytes, numChannels, sampleRateHz, isBigEndian: order === "be" },
  };
  return wavHeader(wav, unknownBytes);
}

async function* withHeader(
  header: Uint8Array,
  samples: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield header;
  yield* samples;
}

/** A window as it is written. Times are in seconds. */
function describe(
  heard: HeardWindow,
  { decision, top, minScore }: {
    readonly decision: Decision;
    readonly top: number;
    readonly minScore: number;
  },
): object {
  const { startSeconds, endSeconds, probabilities, failure, latencySeconds, dropped } = heard;
  const ranked = probabilities
    ? decision.classesOf(probabilities).slice(0, top).filter((k) => probabilities[k] >= minScore)
    : [];
  return {
    start: micro(startSeconds),
    end: micro(endSeconds),
    labels: ranked.map((k) => ({
      label: decision.classes[k],
      probability: micro(probabilities![k]),
    })),
    ...failure && { error: failure },
    latency: Math.round(1000 * latencySeconds) / 1000,
    ...dropped > 0 && { dropped },
  };
}

/** Writes a line to stdout; while nobody reads it, sound that comes meanwhile can be taken. */
async function printLine(value: object): Promise<void> {
  let rest = new TextEncoder().encode(`${JSON.stringify(value)}\n`);
  try {
    while (rest.length > 0) rest = rest.subarray(await Deno.stdout.write(rest));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    throw new Deno.errors.BrokenPipe(closedOutput);
  }
}
