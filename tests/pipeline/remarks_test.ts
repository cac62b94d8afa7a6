import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { parsePolicy } from "../../pipeline/augment/augment.ts";
import { decodeFile } from "../../pipeline/decode/decode_file.ts";
import { findMpegFrame, parseMpegHeader } from "../../pipeline/decode/mpeg_header.ts";
import { defaultFrontEnd } from "../../pipeline/front_end.ts";
import { encodeWav } from "../../pipeline/encode_wav.ts";
import { Remarks } from "../../pipeline/remarks.ts";
import { predict } from "../../run/prediction/predict.ts";
import { predictEvents } from "../../run/prediction/predict_events.ts";
import { inspectClip } from "../../report/report.ts";
import { train } from "../../run/training/train.ts";
import { writeFeatures } from "../../run/write_features.ts";
import { assertFails } from "../assert_failure.ts";
import { recordingAt, withFolder, writeToneDataset } from "../fixtures.ts";
import { readFixture } from "./decode/fixtures.ts";
import { joinBytes } from "./decode/wav_files.ts";
import { toneOptions } from "../run/training/tone_options.ts";
import { createUntrainedModel, machine } from "../run/untrained_model.ts";

Deno.test("each kind of remark is one line: how many recordings, and the first", () => {
  const remarks = new Remarks();
  for (const id of ["a", "b", "a"]) {
    const recording = { id, location: { kind: "file" as const, path: id } };
    const request = { clip: { recording, start: 0 }, copy: 0, epoch: 0 };
    remarks.add({ request, remarks: [{ kind: "silent", numChannels: 2 }] });
  }
  assertEquals(remarks.describe(5), [
    "2 recordings are silent, such as a: its 2 channels may cancel each other",
  ]);
});

Deno.test("a prediction that is gone on with counts what it remarked on before", () =>
  withFolder(async (dir) => {
    const model = await createUntrainedModel(1), notices: string[] = [];
    const silence = encodeWav(new Float32Array(8000), 22_050, "int16");
    for (const i of [0, 1, 2, 4, 5]) await Deno.writeFile(`${dir}/${i}.wav`, silence);
    await Deno.writeTextFile(`${dir}/3.wav`, "no sound");
    const recordings = [0, 1, 2, 3, 4, 5].map((i) => recordingAt(`${dir}/${i}.wav`));
    const options = { ...machine, model, recordings, out: `${dir}/out/s.csv`, batchSize: 2 };
    await assertFails(predict({ ...options, onError: "fail" }), /3\.wav/);
    await predict({ ...options, resume: true, onNotice: (text) => notices.push(text) });
    assertMatch(notices[0], /^going on behind the [123] recordings that are done$/);
    assertEquals(notices.slice(1), ["5 recordings are silent, such as 0.wav"]);
  }));

Deno.test("a run says once what was remarked on its recordings", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 4);
    const silence = encodeWav(new Float32Array(8000), 22_050, "int16");
    await Deno.writeFile(`${dir}/data/train/low/silence.wav`, silence);
    const notices: string[] = [];
    await train({
      ...await toneOptions(dir, "run", 2),
      crop: "start",
      onEvent: (event) => event.kind === "notice" && notices.push(event.text),
    });
    assertEquals(notices.filter((text) => /silent|longer/.test(text)).length, 2);
  }));

Deno.test("damage is said by windows, features and the page of one recording as by a prediction", () =>
  withFolder(async (dir) => {
    const bytes = readFixture("mp3_joint_stereo.mp3"), path = `${dir}/damaged.mp3`;
    let at = findMpegFrame(bytes);
    for (let i = 0; i < 5; i++) at += parseMpegHeader(bytes, at)!.frameBytes;
    await Deno.writeFile(path, joinBytes(bytes.slice(0, at), new Uint8Array(209), bytes.slice(at)));
    const recordings = [recordingAt(path)], model = await createUntrainedModel(1);
    const guess = "209 bytes that are no MPEG frame passed over";
    const said = `1 recording is not as the format says, such as damaged.mp3: ${guess}`;
    const { totalSeconds } = await decodeFile(path);
    // Windows that end before the recording does, with it and behind it.
    for (const windowSeconds of [0.15, totalSeconds! / 2, 0.3]) {
      const notices: string[] = [], out = `${dir}/${windowSeconds}.csv`;
      const onNotice = (text: string) => notices.push(text);
      const options = { model, recordings, out, format: "csv", windowSeconds, onNotice } as const;
      await predictEvents({ ...machine, ...options });
      assertEquals(notices, [said], `windows of ${windowSeconds} s`);
    }
    const notices: string[] = [], out = `${dir}/features`;
    await writeFeatures({ recordings, out, workers: 1, onNotice: (text) => notices.push(text) });
    assertEquals(notices, [said]);
    const augment = parsePolicy("none");
    const page = await inspectClip(path, { frontEnd: defaultFrontEnd, augment, seed: 1 });
    assertStringIncludes(page, `not as its format says: ${guess}`);
  }));
