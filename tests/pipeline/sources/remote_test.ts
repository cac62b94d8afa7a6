/** Recordings on web servers: manifests of addresses, and manifests and archives that lie there. */
import { assertEquals } from "@std/assert";
import { openLocation } from "../../../pipeline/locations/open_location.ts";
import type { Recording } from "../../../pipeline/recording.ts";
import { openDataset } from "../../../pipeline/sources/open_dataset.ts";
import { openRecordings, openTestFolder } from "../../../pipeline/sources/open_recordings.ts";
import { idOfPath, pathFrom } from "../../../pipeline/sources/remote_path.ts";
import { createTar, createZip, utf8 } from "../../archives.ts";
import { assertFails } from "../../assert_failure.ts";
import { serveFiles } from "../../file_server.ts";
import { withFolder } from "../../fixtures.ts";

const sounds = {
  "owl/1.wav": "one",
  "owl/ü #2.wav": "two",
  "tit/3.wav": "three",
  "tit/4.wav": "four",
};
const members = Object.entries(sounds).map(([name, text]) => ({ name, bytes: utf8(text) }));
const list = "path,label\n" + Object.keys(sounds).map((path) => `${path},${path[0]}`).join("\n");

const served: Readonly<Record<string, Uint8Array>> = {
  ...Object.fromEntries(members.map(({ name, bytes }) => [`/data/${name}`, bytes])),
  "/data/list.csv": utf8(list),
  "/data/x.zip": createZip(members),
  "/x.tar": createTar(members),
};

async function contentsOf(recordings: readonly Recording[]): Promise<string[][]> {
  return await Promise.all(recordings.map(async ({ id, location }) => {
    using source = await openLocation(location);
    return [id, new TextDecoder().decode(await source.read(0, source.size))];
  }));
}

Deno.test("manifests and archives on a server give what those on a disk give", async () => {
  await using server = serveFiles({ find: (path) => served[path] });
  const expected = Object.entries(sounds);
  for (const path of ["data/list.csv", "data/x.zip", "x.tar", "data/x.zip?v=1&token=secret"]) {
    const recordings = await openRecordings(`${server.url}/${path}`);
    assertEquals(await contentsOf(recordings), expected, path);
  }
  const { classes, train } = await openDataset({ dir: `${server.url}/x.tar` });
  assertEquals([classes, await contentsOf(train)], [["owl", "tit"], expected]);
  const below = await openRecordings(`${server.url}/data/x.zip/tit`);
  assertEquals(below.map(({ id }) => id), ["3.wav", "4.wav"]);
  assertEquals(await contentsOf(await openRecordings(`${server.url}/data/tit/3.wav?v=1`)), [
    ["3.wav", "three"],
  ]);
});

Deno.test("a manifest may name files here and addresses; what is trained on is asked for once", () =>
  withFolder(async (dir) => {
    await using server = serveFiles({ find: (path) => served[path] });
    const { url } = server, host = new URL(url).host;
    await Deno.writeTextFile(`${dir}/a.wav`, "a");
    await Deno.writeTextFile(
      `${dir}/list.csv`,
      `path,label,split\na.wav,o,\n${url}/data/owl/%C3%BC%20%232.wav?sig=1,o,\n` +
        `${url}/data/tit/3.wav,t,\n${url}/data/gone.wav,t,\n${url}/data/tit/4.wav,t,test\n`,
    );
    const seen: string[] = [];
    const onAsked = (done: number, all: number) => void seen.push(`${done}/${all}`);
    const { train, test } = await openDataset({ dir: `${dir}/list.csv`, onAsked });
    assertEquals(seen, ["1/3", "2/3", "3/3"]);
    const found = train.map(({ id, location }) => `${id} ${"size" in location && location.size}`);
    assertEquals(found.sort(), [
      `${host}/data/gone.wav false`,
      `${host}/data/owl/ü #2.wav 3`,
      `${host}/data/tit/3.wav 5`,
      "a.wav false",
    ]);
    assertEquals(test.map(({ id }) => id), [`${host}/data/tit/4.wav`]);
    const asked = server.asked.filter((line) => line.endsWith("bytes=0-0")).length;
    assertEquals(asked, 3, "those to label are not");
    const [labelled] = await openTestFolder(`${dir}/list.csv`, []);
    assertEquals(await contentsOf([labelled]), [[`${host}/data/tit/4.wav`, "four"]]);
  }));

Deno.test("what cannot be used is refused in a line before the work", () =>
  withFolder(async (dir) => {
    const expired = utf8("<Code>AccessDenied</Code><Message>Request has expired</Message>");
    await using server = serveFiles({
      find: (path) => served[path],
      faultOf: (path) =>
        path.startsWith("/old") ? new Response(expired as BodyInit, { status: 403 }) : undefined,
    });
    const { url } = server;
    const open = async (text: string) => {
      await Deno.writeTextFile(`${dir}/list.csv`, text);
      return await openTestFolder(`${dir}/list.csv`, []);
    };
    await assertFails(
      open(`path\n${url}/old/1.wav?Signature=a\n${url}/old/2.wav\n`),
      /none of the first 2 on servers can be read: .*\/old\/1\.wav: .*key has expired$/,
    );
    await assertFails(open("path\nftp://host/a.wav\n"), /addresses of http, https or s3: .* ftp:/);
    await assertFails(open("path\nhttp://\n"), /addresses must be whole: current value is http:/);
    await assertFails(
      open(`path\n${url}/data/tit/3.wav?id=1\n${url}/data/tit/3.wav?id=2\n`),
      /Cannot tell recordings .* apart as .*3\.wav means .*id=1 and .*id=2 \(--id-column/,
    );
    await assertFails(
      openRecordings(`${url}/data`),
      /Cannot read http:.*\/data: expected a file, saw 404 Not Found: nothing is there$/,
    );
    await assertFails(
      openDataset({ dir: `${url}/data/tit/3.wav` }),
      /expected a table .*, an archive or a recording, saw something else, and a web server does not/,
    );
    await assertFails(openRecordings(`${url}/no/list.csv`), /expected a file, saw 404 Not Found/);
    await assertFails(openRecordings(`${url}/no.zip`), /expected a file, saw 404 Not Found/);
  }));

Deno.test("paths in a table on a server are names, not escapes; ids never lead out of a folder", () => {
  assertEquals(pathFrom("https://h/a/l.csv?k=1", "b/100%.wav"), "https://h/a/b/100%25.wav");
  assertEquals(pathFrom("https://h/a/l.csv", "/x.wav"), "https://h/x.wav");
  assertEquals(pathFrom("s3://b/a/l.csv", "../x.wav"), "s3://b/x.wav");
  assertEquals(pathFrom("a/l.csv", "/x.wav"), "/x.wav");
  assertEquals(pathFrom("l.csv", "s3://b/x.wav"), "s3://b/x.wav");
  assertEquals(idOfPath("https://h/a/..%2f..%2fx.wav"), "x.wav");
  assertEquals(idOfPath("s3://b/a/100%.wav"), "b/a/100%.wav");
});
