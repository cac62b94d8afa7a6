import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertNotStrictEquals,
  assertStrictEquals,
} from "@std/assert";
import { fileLocation } from "../../pipeline/locations/location.ts";
import { defaultSpecAugment, parsePolicy } from "../../pipeline/augment/augment.ts";
import { defaultFrontEnd as frontEnd } from "../../pipeline/front_end.ts";
import { openFolder } from "../../pipeline/sources/folder.ts";
import { openRecordings } from "../../pipeline/sources/open_recordings.ts";
import { inspectClip, inspectFolder } from "../../report/report.ts";
import { assertFails } from "../assert_failure.ts";
import { encodeWav, withFolder, writeTone } from "../fixtures.ts";
import { checkPage, pageText, parsePage } from "./page_checks.ts";

Deno.test("a recording with every augmentation, drawn, described and playable", () =>
  withFolder(async (dir) => {
    const path = `${dir}/<b>&.wav`;
    await writeTone(path, 440, 1, { sampleRateHz: 16000, seconds: 2 });
    const augment = parsePolicy("gain:gainDb=6..6,speed-change:rate=2..2,none,background-noise");
    const page = await inspectClip(path, { frontEnd, augment, seed: 1 });
    checkPage(page);
    const document = parsePage(page), text = pageText(page);
    assertMatch(text, /<b>&\.wav format ?WAV PCM 16 bit ?channels ?1 ?sample rate ?16 kHz/);
    assertMatch(text, /length ?2\.0 s ?used ?all, padded to 5\.0 s ?peak ?−7\.\d dBFS/);
    const titles = [...document.querySelectorAll("article h3")].map((node) => node.textContent);
    assertEquals(titles.slice(0, 3), ["As it is", "Gain +6.0 dB", "Speed × 2.00"]);
    assertMatch(titles[3], /^Background noise$/);
    const articles = [...document.querySelectorAll("article")];
    const count = (i: number, tag: string) => [...articles[i].querySelectorAll(tag)].length;
    for (const i of [0, 1, 2]) assertEquals([count(i, "svg"), count(i, "audio")], [2, 1]);
    assertMatch(articles[3].textContent, /Needs recordings of background noise/);
    // The sound itself: twice as fast is half as long.
    const bytes = (i: number) =>
      [...articles[i].querySelectorAll("audio")][0].getAttribute("src").length;
    assert(Math.abs(bytes(2) / bytes(0) - 0.5) < 0.1);
    assertStrictEquals(await inspectClip(path, { frontEnd, augment, seed: 1 }), page);
    assertNotStrictEquals(await inspectClip(path, { frontEnd, augment, seed: 2 }), page);
    assertMatch(text, /sample rate ?16 kHz, resampled to 22\.05 kHz/);
    const atOwnRate = { ...frontEnd, sampleRateHz: 16000, maxHz: 8000 };
    const plain = pageText(await inspectClip(path, { frontEnd: atOwnRate, augment, seed: 1 }));
    assertMatch(plain, /sample rate ?16 kHz ?length/);
  }));

Deno.test("a chain is shown transform by transform, then as a whole", () =>
  withFolder(async (dir) => {
    await writeTone(`${dir}/a.wav`, 440, 1, { seconds: 1 });
    const augment = parsePolicy("chain:gain=1:gainDb=6,time-shift=1:fraction=0.25");
    const page = await inspectClip(`${dir}/a.wav`, { frontEnd, augment, seed: 1 });
    checkPage(page);
    const document = parsePage(page);
    const titles = [...document.querySelectorAll("article h3")].map((node) => node.textContent);
    assertEquals(titles, [
      ...["As it is", "Gain +6.0 dB", "Time shift +25.0 % of the clip, wrapped around"],
      "Chain: time shift +25.0 % of the clip, wrapped around, then gain +6.0 dB",
    ]);
  }));

Deno.test("a random part and masked features are shown where they are asked for", () =>
  withFolder(async (dir) => {
    await writeTone(`${dir}/long.wav`, 440, 1, { seconds: 20 });
    await writeTone(`${dir}/short.wav`, 440, 1, { seconds: 2 });
    const options = {
      ...{ frontEnd, augment: parsePolicy("none"), seed: 1, crop: "random" as const },
      ...{ pad: "repeat" as const, resizedCrop: 0.3 },
      specAugment: defaultSpecAugment,
    };
    const page = await inspectClip(`${dir}/long.wav`, options);
    checkPage(page);
    const articles = [...parsePage(page).querySelectorAll("article")];
    const titles = articles.map((article) => article.querySelectorAll("h3")[0].textContent);
    assertStrictEquals(titles.length, 5);
    assertMatch(titles[1], /^Random crop from \d+(\.\d+)?\ss$/);
    assertMatch(titles[3], /^\d+\s% of the bands and \d+\s% of the frames, resized$/);
    assertMatch(titles[4], /^SpecAugment, masked bands \d.*; frames \d/);
    const picture = (i: number) => articles[i].querySelectorAll("image")[0].getAttribute("href");
    assertStrictEquals(new Set([picture(3), picture(4), picture(0)]).size, 3);
    assertMatch(articles[2].textContent, /Padding ?The recording is no shorter than a clip/);
    const short = await inspectClip(`${dir}/short.wav`, options);
    assertMatch(pageText(short), /Padding with repetitions of the sound/);
    assertMatch(pageText(short), /Random crop The recording is no longer than a clip/);
  }));

Deno.test("background noise comes from the recordings given", () =>
  withFolder(async (dir) => {
    await writeTone(`${dir}/a.wav`, 440, 1);
    await writeTone(`${dir}/b.wav`, 2000, 1, { sampleRateHz: 44100, seconds: 1 });
    const options = { frontEnd, augment: parsePolicy("background-noise"), seed: 1 };
    const backgrounds = [`${dir}/b.wav`];
    const page = await inspectClip(`${dir}/a.wav`, {
      ...options,
      backgrounds: backgrounds.map(fileLocation),
    });
    checkPage(page);
    assertStrictEquals([...parsePage(page).querySelectorAll("audio")].length, 2);
    assertNotMatch(page, /Needs recordings/);
  }));

Deno.test("a file that is no sound is refused by name", async () => {
  const options = { frontEnd, augment: parsePolicy("none"), seed: 1 };
  await assertFails(inspectClip("missing.wav", options), /Cannot decode missing\.wav/);
});

Deno.test("a folder: classes, lengths, formats and what would be skipped", () =>
  withFolder(async (dir) => {
    for (const i of [1, 2, 3]) await writeTone(`${dir}/train/<i>high/${i}.wav`, 900, i);
    await writeTone(`${dir}/train/low/1.wav`, 300, 1, { sampleRateHz: 44100, seconds: 6 });
    await writeTone(`${dir}/test/x.wav`, 300, 1);
    await Deno.writeFile(`${dir}/train/low/silent.wav`, encodeWav(new Float32Array(4000), 8000));
    await Deno.writeTextFile(`${dir}/train/low/<u>broken.wav`, "RIFF");
    const done: number[] = [];
    const clips = await openRecordings(dir);
    const page = await inspectFolder(dir, clips, { frontEnd, onClip: (n) => done.push(n) });
    checkPage(page);
    const text = pageText(page);
    assertEquals(done, [1, 2, 3, 4, 5, 6, 7]);
    for (
      const words of [
        /Recordings ?6 ?2 classes/,
        /Median length ?0\.50 s ?0\.50 s to 6\.0 s/,
        /Would be skipped ?1 ?named below/,
        /largest class, <i>high, would be right for 60\.0 %/,
        /1 recording \(16\.7 %\) are longer|1 recording \(16\.7 %\) is longer/,
        /1 recording is silent, such as train\/low\/silent\.wav/,
        /1 recording is longer than the 5 s that the model hears: the rest of train\/low\/1\.wav/,
        /train\/low\/<u>broken\.wav ?decode ?Cannot decode/,
        /44\.1 kHz/,
      ]
    ) assertMatch(text, words);
  }));

Deno.test("classes are those that training takes: below train/ where it is, else the folders themselves", () =>
  withFolder(async (dir) => {
    for (
      const name of ["one/test/x", "one/dog", "two/Train/dog", "two/Train/cat", "two/test/owl"]
    ) {
      await writeTone(`${dir}/${name}/1.wav`, 300, name);
    }
    const classesIn = async (name: string) => {
      const recordings = await openRecordings(`${dir}/${name}`);
      const page = await inspectFolder(`${dir}/${name}`, recordings, { frontEnd });
      return /Recordings ?\d+ ?(\d+ class\w*(?:, \d+ with a label)?)/.exec(pageText(page))![1];
    };
    assertStrictEquals(await classesIn("one"), "2 classes"); // dog and test, as there is no train/
    assertEquals((await openFolder(`${dir}/one`)).classes, ["dog", "test"]);
    assertStrictEquals(await classesIn("two"), "2 classes, 2 with a label"); // test/owl is of a class that training does not know
  }));

Deno.test("parts of one file are counted in their own classes", () =>
  withFolder(async (dir) => {
    await writeTone(`${dir}/day.wav`, 300, 1, { seconds: 3 });
    const rows = ["x", "x", "x", "y", "y"].map((label, i) => `day.wav,${label},${i / 2},0.5`);
    await Deno.writeTextFile(`${dir}/m.csv`, ["path,label,offset,duration", ...rows].join("\n"));
    const recordings = await openRecordings(`${dir}/m.csv`);
    const page = await inspectFolder(`${dir}/m.csv`, recordings, { frontEnd });
    assertMatch(pageText(page), /largest class, x, would be right for 60\.0 %/);
  }));

Deno.test("a folder where nothing can be read", () =>
  withFolder(async (dir) => {
    await Deno.writeTextFile(`${dir}/a.wav`, "no sound");
    const page = await inspectFolder(dir, await openRecordings(dir), { frontEnd });
    checkPage(page);
    assertMatch(pageText(page), /1 recording cannot be read/);
  }));
