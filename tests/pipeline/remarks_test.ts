import { assertEquals } from "@std/assert";
import { encodeWav } from "../../pipeline/encode_wav.ts";
import { Remarks } from "../../pipeline/remarks.ts";
import { train } from "../../run/train.ts";
import { withFolder, writeToneDataset } from "../fixtures.ts";
import { toneOptions } from "../run/tone_options.ts";

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
