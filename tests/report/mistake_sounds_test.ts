/** Mistakes are heard where they lie: in parts of files, and in archives. */
import { assert, assertStrictEquals } from "@std/assert";
import { openDataset } from "../../pipeline/sources/open_dataset.ts";
import { readRun } from "../../report/read_run.ts";
import { train } from "../../run/training/train.ts";
import { createTone, encodeWav, withFolder, writeTone } from "../fixtures.ts";

/** Hears nothing: every clip is called alike, so half of them wrongly. */
const deaf = {
  ...{ backend: "cpu", workers: 1 } as const,
  frontEnd: {
    sampleRateHz: 8000,
    durationSeconds: 0.5,
    melBands: 16,
    fftSize: 256,
    hopSamples: 128,
  },
  recipe: { epochs: 1, batchSize: 4, augmentFactor: 0, averageDecay: 0, learningRate: 1e-30 },
};

/** The sounds on a page, as 16-bit samples. */
async function soundsIn(dir: string): Promise<Int16Array[]> {
  const page = await Deno.readTextFile(`${dir}/report.html`);
  return [...page.matchAll(/data:audio\/wav;base64,([A-Za-z0-9+/=]+)/g)].map(([, text]) =>
    new Int16Array(Uint8Array.fromBase64(text).slice(44).buffer)
  );
}

Deno.test("a part of a file is heard from where it begins to where it ends", () =>
  withFolder(async (dir) => {
    const days = new Map<string, Float32Array>(), rows = ["path,label,offset,duration"];
    for (let day = 0; day < 10; day++) {
      const [dawn, dusk] = [0, 1].map((i) =>
        createTone(300 + 150 * day + 70 * i, day, { seconds: 0.5 })
      );
      const whole = Float32Array.of(...dawn, ...dusk), path = `${dir}/${day}.wav`;
      days.set(path, whole);
      await Deno.writeFile(path, encodeWav(whole, 8000));
      rows.push(`${day}.wav,dawn,0,0.5`, `${day}.wav,dusk,0.5,0.5`);
    }
    await Deno.writeTextFile(`${dir}/m.csv`, rows.join("\n"));
    const dataset = await openDataset({ dir: `${dir}/m.csv` }), out = `${dir}/run`;
    await train({ ...deaf, dataset, out });
    const { mistakes } = await readRun(out, { numMistakes: 12 }), sounds = await soundsIn(out);
    assert(mistakes.length >= 1 && sounds.length === mistakes.length, `${sounds.length} sounds`);
    mistakes.forEach(({ path, part }, i) => {
      const { startSeconds, endSeconds } = part!, from = startSeconds * 8000;
      assertStrictEquals(endSeconds, startSeconds + 0.5);
      assert(sounds[i].length > 3900 && sounds[i].length <= 4000, `${sounds[i].length} samples`);
      const day = days.get(path)!;
      const isHeard = sounds[i].every((x, k) => Math.abs(x / 32768 - day[from + k]) < 2 / 32768);
      assert(isHeard, `${path} from ${startSeconds} s on`);
    });
  }));

Deno.test("a clip in an archive is heard as well", () =>
  withFolder(async (dir) => {
    for (const name of ["a", "b"]) {
      for (let i = 0; i < 5; i++) {
        await writeTone(`${dir}/data/train/${name}/${i}.wav`, 300, "same");
      }
    }
    const { success } = await new Deno.Command("tar", {
      args: ["cf", `${dir}/data.tar`, "-C", `${dir}/data`, "train"],
    }).output();
    assert(success);
    const dataset = await openDataset({ dir: `${dir}/data.tar` });
    await train({ ...deaf, dataset, out: `${dir}/run` });
    assertStrictEquals((await soundsIn(`${dir}/run`)).length, 1); // of two clips that sound alike
  }));
