/**
 * Files that sox and ffmpeg encode here and now decode as by sox and ffmpeg themselves. Where these are
 * not installed the tests are ignored; the committed fixtures were made in the same way.
 */
import { assert, assertStrictEquals } from "@std/assert";
import { decodeFile } from "../../../pipeline/decode/decode_file.ts";
import { createRandom } from "../../../pipeline/random.ts";
import { withFolder } from "../../fixtures.ts";
import { maxDifference } from "./fixtures.ts";
import { buildWav, int16Bytes } from "./wav_files.ts";

function isInstalled(tool: string): boolean {
  try {
    return new Deno.Command(tool, { args: ["--help"], stdout: "null", stderr: "null" })
      .outputSync().code < 2;
  } catch {
    return false; // also without leave to run programs
  }
}

const tools = { ffmpeg: isInstalled("ffmpeg"), sox: isInstalled("sox") };

/** What an encoder is given, and how far our decoding may be from the tool's own. */
interface Encoding {
  readonly tool: "ffmpeg" | "sox";
  /** With the file's name last. */
  readonly args: string;
  readonly numChannels?: number;
  readonly sampleRateHz?: number;
  /** @default {"tones"} */
  readonly sound?: "tones" | "extremes";
  readonly tolerance: number;
  /** How ffmpeg is to decode it. */
  readonly decodeArgs?: string;
}

const exact = 1e-7, lossy = 5e-5;
/** What two decoders of Vorbis in float32 round differently. */
const rounded = 2e-6;
const encodings: readonly Encoding[] = [
  { tool: "sox", args: "-b 8 u8.wav", tolerance: exact },
  { tool: "sox", args: "-b 24 -B s24.wav", tolerance: exact },
  { tool: "sox", args: "-e float -b 64 f64.wav", tolerance: exact },
  { tool: "sox", args: "-e a-law a.wav", numChannels: 1, sampleRateHz: 8000, tolerance: exact },
  { tool: "sox", args: "-e mu-law mu.wav", tolerance: exact },
  { tool: "sox", args: "-e ima-adpcm ima.wav", tolerance: exact },
  { tool: "sox", args: "-b 32 s32.aiff", tolerance: exact },
  { tool: "sox", args: "-b 24 s24.aifc", numChannels: 3, tolerance: exact },
  { tool: "sox", args: "-C 0 level0.flac", tolerance: exact },
  { tool: "sox", args: "-C 5 level5.flac", numChannels: 1, sampleRateHz: 22050, tolerance: exact },
  { tool: "sox", args: "-C 8 -b 24 level8.flac", sampleRateHz: 96000, tolerance: exact },
  { tool: "sox", args: "-b 8 -C 8 bits8.flac", tolerance: exact },
  { tool: "sox", args: "-C 8 eight.flac", numChannels: 8, tolerance: exact },
  { tool: "sox", args: "-C 8 left_side.flac remix 1v0.5 1v0.5,2v0.01", tolerance: exact },
  { tool: "sox", args: "-C 8 side_right.flac remix 1v0.5,2v0.01 1v0.5", tolerance: exact },
  { tool: "sox", args: "-C 8 loud.flac", sound: "extremes", tolerance: exact },
  { tool: "sox", args: "-C 1 -b 24 wide.flac", sound: "extremes", tolerance: exact },
  { tool: "sox", args: "-C 8 opposite.flac remix 1 1v-1", sound: "extremes", tolerance: exact },
  { tool: "sox", args: "-C 8 silent_side.flac remix 1 1,2v0.0001", tolerance: exact },
  { tool: "sox", args: "-C 6 high.ogg", tolerance: lossy },
  { tool: "sox", args: "-C 0 low.ogg", numChannels: 1, sampleRateHz: 8000, tolerance: lossy },
  { tool: "ffmpeg", args: "-c:a libvorbis -q:a -1 lowest.ogg", tolerance: rounded },
  { tool: "ffmpeg", args: "-c:a libvorbis -q:a 10 best.ogg", tolerance: rounded },
  { tool: "ffmpeg", args: "-c:a libvorbis -q:a 4 mono.ogg", numChannels: 1, tolerance: rounded },
  { tool: "ffmpeg", args: "-c:a libvorbis -q:a 3 3.ogg", numChannels: 3, tolerance: rounded },
  { tool: "ffmpeg", args: "-c:a libvorbis -q:a 5 6.ogg", numChannels: 6, tolerance: rounded },
  { tool: "ffmpeg", args: "-c:a libvorbis -q:a 2 8.ogg", numChannels: 8, tolerance: rounded },
  {
    tool: "ffmpeg",
    args: "-c:a libvorbis -q:a 7 96k.ogg",
    sampleRateHz: 96000,
    tolerance: rounded,
  },
  {
    tool: "ffmpeg",
    args: "-c:a vorbis -strict -2 other_books.ogg",
    tolerance: lossy,
    decodeArgs: "-c:a libvorbis", // ffmpeg's own decoder differs from the format's authors' on these
  },
  {
    tool: "ffmpeg",
    args: "-c:a vorbis -strict -2 -q:a 9 other_8k.ogg",
    sampleRateHz: 8000,
    tolerance: lossy,
    decodeArgs: "-c:a libvorbis",
  },
  { tool: "ffmpeg", args: "-c:a pcm_s16le -f wav odd.wav", sampleRateHz: 44099, tolerance: exact },
  { tool: "ffmpeg", args: "-c:a flac -compression_level 12 level12.flac", tolerance: exact },
  {
    tool: "ffmpeg",
    args: "-c:a flac -lpc_coeff_precision 15 -max_prediction_order 32 order32.flac",
    tolerance: exact,
  },
  { tool: "ffmpeg", args: "-c:a flac loud12.flac", sound: "extremes", tolerance: exact },
  { tool: "ffmpeg", args: "-b:a 128k cbr.mp3", tolerance: lossy },
  { tool: "ffmpeg", args: "-q:a 2 vbr.mp3", sampleRateHz: 48000, tolerance: lossy },
  {
    tool: "ffmpeg",
    args: "-b:a 24k low.mp3",
    numChannels: 1,
    sampleRateHz: 11025,
    tolerance: lossy,
  },
  { tool: "ffmpeg", args: "-b:a 96k old.mp2", tolerance: 2e-4 },
  { tool: "ffmpeg", args: "-c:a libmp3lame -b:a 64k inside.wav", tolerance: lossy },
  {
    tool: "ffmpeg",
    args: "-b:a 64k a.opus",
    sampleRateHz: 48000,
    tolerance: 2e-4,
    decodeArgs: "-c:a libopus",
  },
  {
    tool: "ffmpeg",
    args: "-b:a 12k b.opus",
    numChannels: 1,
    sampleRateHz: 16000,
    tolerance: 2e-4,
    decodeArgs: "-c:a libopus",
  },
  {
    tool: "ffmpeg",
    args: "-c:a libopus -b:a 128k c.ogg",
    numChannels: 6,
    sampleRateHz: 48000,
    tolerance: 2e-4,
    decodeArgs: "-c:a libopus",
  },
];

/** A second and a bit of tones, clicks and noise. */
function makeSource(numChannels: number, sampleRateHz: number): Uint8Array {
  const random = createRandom("differential", numChannels, sampleRateHz);
  const values = Array.from({ length: Math.round(1.3 * sampleRateHz) * numChannels }, (_, i) => {
    const channel = i % numChannels, time = Math.floor(i / numChannels) / sampleRateHz;
    const tone = 0.3 * Math.sin(2 * Math.PI * (330 + 70 * channel) * time * (1 + time));
    const click = random.next() < 0.0005 ? 0.4 : 0;
    return Math.round(32767 * (tone + click + 0.02 * random.normal()));
  });
  return buildWav({ numChannels, sampleRateHz, data: int16Bytes(values) });
}

/** Silence with single samples at full scale, then full scale back and forth: what is hard to predict. */
function makeExtremes(numChannels: number, sampleRateHz: number): Uint8Array {
  const random = createRandom("extremes", numChannels, sampleRateHz);
  const values = Array.from({ length: 20_000 * numChannels }, (_, i) => {
    const full = Math.floor(i / numChannels) % 2 === 0 ? 32767 : -32768;
    return i >= 10_000 * numChannels || random.next() < 0.001 ? full : 0;
  });
  return buildWav({ numChannels, sampleRateHz, data: int16Bytes(values) });
}

function run(tool: string, args: string, cwd: string): Uint8Array<ArrayBuffer> {
  const { code, stdout, stderr } = new Deno.Command(tool, { args: args.split(" "), cwd })
    .outputSync();
  assertStrictEquals(code, 0, `${tool} ${args}: ${new TextDecoder().decode(stderr)}`);
  return stdout;
}

for (const encoding of encodings) {
  const { tool, args, numChannels = 2, sampleRateHz = 44100, tolerance, decodeArgs = "" } =
    encoding;
  const makeSound = encoding.sound === "extremes" ? makeExtremes : makeSource;
  const file = args.split(" ").find((word) => /\.[a-z]+\d?$/.test(word))!;
  Deno.test({
    name: `${tool} ${args}, ${numChannels} channels at ${sampleRateHz} Hz`,
    ignore: !tools[tool],
    fn: () =>
      withFolder(async (folder) => {
        await Deno.writeFile(`${folder}/source.wav`, makeSound(numChannels, sampleRateHz));
        const [encode, decode] = tool === "sox"
          ? [`-V1 -D -R source.wav ${args}`, `-V1 -D ${file} -t f32 -`]
          : [
            `-v error -i source.wav ${args.replace(file, "")} ${file}`.replaceAll(/ +/g, " "),
            `-v error ${decodeArgs} -i ${file} -f f32le -c:a pcm_f32le -`.replaceAll(/ +/g, " "),
          ];
        run(tool, encode, folder);
        const theirs = new Float32Array(run(tool, decode, folder).slice().buffer);
        const ours = await decodeFile(`${folder}/${file}`);
        assertStrictEquals(ours.numChannels, numChannels);
        const mono = Float32Array.from({ length: theirs.length / numChannels }, (_, frame) => {
          let sum = 0;
          for (let c = 0; c < numChannels; c++) sum += theirs[frame * numChannels + c];
          return sum / numChannels;
        });
        assertStrictEquals(ours.samples.length, mono.length);
        const difference = maxDifference(ours.samples, mono);
        assert(difference <= tolerance, `off by ${difference}`);
      }),
  });
}
