/** A prediction of what lies on a server that fails: every recording has its row, and every cause is named. */
import { assertEquals } from "@std/assert";
import { parse } from "../../../deps/std_csv.ts";
import { createWindowing } from "../../../pipeline/windows.ts";
import { predict } from "../../../run/prediction/predict.ts";
import { serveFiles, type ServerFault } from "../../file_server.ts";
import { encodeWav, recordingAt, withFolder } from "../../fixtures.ts";
import { noise } from "../../pipeline/dsp/signals.ts";
import { createUntrainedModel, frontEnd, machine } from "../untrained_model.ts";

const model = await createUntrainedModel(1);
const names = ["0.wav", "gone.wav", "2.wav", "busy.wav", "4.wav", "cut once.wav", "6.wav"];

Deno.test("rows come in order from threads, whatever the server does; what cannot be had is named", () =>
  withFolder(async (dir) => {
    const sounds = new Map(names.map((name, i) => [`/${name}`, encodeWav(noise(9000, i), 8000)]));
    const faultOf = (path: string, count: number): ServerFault | undefined =>
      path === "/gone.wav"
        ? new Response("", { status: 410 })
        : path === "/busy.wav"
        ? new Response("", { status: 503 })
        : path === "/cut once.wav" && count === 0
        ? "cut"
        : undefined;
    await using server = serveFiles({ find: (path) => sounds.get(path), faultOf });
    const far = names.map((id) => {
      const location = { kind: "url", url: `${server.url}/${encodeURIComponent(id)}` } as const;
      return recordingAt("", { id, location });
    });
    const near = names.map((id) => {
      const bytes = sounds.get(`/${id}`)!;
      return recordingAt("", { id, location: { kind: "memory", name: id, bytes } });
    });
    const rowsOf = async (recordings: typeof far, out: string, windows = false) => {
      const { skipped } = await predict({
        ...{ ...machine, model, recordings, out: `${dir}/${out}`, batchSize: 2 },
        probabilities: `${dir}/p-${out}`,
        ...windows && { windows: { aggregate: "mean", windowing: createWindowing(frontEnd) } },
      });
      const rows = parse(await Deno.readTextFile(`${dir}/p-${out}`), { skipFirstRow: true });
      return { rows, skipped };
    };
    const { rows, skipped } = await rowsOf(far, "far.csv");
    assertEquals(rows.map(({ filename }) => filename), names);
    const isHere = ({ filename }: Record<string, string>) => !/gone|busy/.test(filename);
    const expected = await rowsOf(near, "near.csv");
    assertEquals(rows.filter(isHere), expected.rows.filter(isHere));
    const causes = skipped.map(({ message }) => message.slice(message.indexOf("saw ")));
    assertEquals(causes.sort(), [
      "saw 410 Gone: nothing is there any more",
      "saw 503 Service Unavailable (after 4 tries)",
    ]);
    const readable = (recordings: typeof far) =>
      recordings.filter(({ id }) => !/gone|busy/.test(id));
    const inWindows = await rowsOf(readable(far), "far windows.csv", true);
    assertEquals(inWindows.rows, (await rowsOf(readable(near), "near windows.csv", true)).rows);
  }));
