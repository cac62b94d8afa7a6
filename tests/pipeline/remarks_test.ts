import { assertEquals, assertMatch } from "@std/assert";
import { encodeWav } from "../../pipeline/encode_wav.ts";
import { Remarks } from "../../pipeline/remarks.ts";
import { predict } from "../../run/predict.ts";
import { train } from "../../run/train.ts";
import { assertFails } from "../assert_failure.ts";
import { recordingAt, withFolder, writeToneDataset } from "../fixtures.ts";
import { toneOptions } from "../run/tone_options.ts";
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
