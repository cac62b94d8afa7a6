/** Small recordings made on the spot, for tests that need files. */
import { basename, dirname } from "../deps/std_path.ts";
import { type Clip, firstClips } from "../pipeline/clip.ts";
import { fileLocation } from "../pipeline/locations/location.ts";
import { createRandom } from "../pipeline/random.ts";
import type { Recording } from "../pipeline/recording.ts";

/** A file as a recording, by default with its name as the id. */
export function recordingAt(path: string, more: Partial<Recording> = {}): Recording {
  return { id: basename(path), location: fileLocation(path), ...more };
}

/** The beginning of a file as a clip. */
export function clipAt(path: string, more?: Partial<Recording>): Clip {
  return firstClips([recordingAt(path, more)])[0];
}

/** Runs a test with a folder of its own, removed afterwards. */
export async function withFolder(test: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "melstream-test-" });
  try {
    await test(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** A mono 16-bit PCM WAV file's bytes. */
export function encodeWav(samples: Float32Array, sampleRateHz: number): Uint8Array {
  const bytes = new Uint8Array(44 + 2 * samples.length), view = new DataView(bytes.buffer);
  const ascii = (offset: number, text: string) => bytes.set(new TextEncoder().encode(text), offset);
  ascii(0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  ascii(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // mono
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, 2 * sampleRateHz, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  ascii(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((x, i) => view.setInt16(44 + 2 * i, Math.round(32767 * x), true));
  return bytes;
}

/** A tone with some noise, different for every key. */
export function createTone(
  frequencyHz: number,
  key: string | number,
  { sampleRateHz = 8000, seconds = 0.5 } = {},
): Float32Array {
  const random = createRandom("test tone", key);
  const phase = random.uniform(0, 2 * Math.PI), detune = random.uniform(0.97, 1.03);
  const step = 2 * Math.PI * frequencyHz * detune / sampleRateHz;
  return Float32Array.from(
    { length: Math.round(sampleRateHz * seconds) },
    (_, i) => 0.4 * Math.sin(phase + step * i) + 0.02 * (random.next() - 0.5),
  );
}

/** Writes one WAV file, its folders included. */
export async function writeTone(
  path: string,
  frequencyHz: number,
  key: string | number,
  options?: { sampleRateHz?: number; seconds?: number },
): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const { sampleRateHz = 8000 } = options ?? {};
  await Deno.writeFile(path, encodeWav(createTone(frequencyHz, key, options), sampleRateHz));
}

/** A data set of tones: class `low` at 300 Hz, class `high` at 1,500 Hz, in `train/` and `test/`. */
export async function writeToneDataset(dir: string, perClass = 10): Promise<void> {
  for (const [label, frequencyHz] of [["low", 300], ["high", 1500]] as const) {
    for (let i = 1; i <= perClass; i++) {
      await writeTone(`${dir}/train/${label}/${i}.wav`, frequencyHz, `${label}${i}`);
    }
    for (let i = 1; i <= 3; i++) {
      await writeTone(`${dir}/test/${label}/${i}.wav`, frequencyHz, `test ${label}${i}`);
    }
  }
}
