/** Recordings in a bucket, of a server of the tests' own, and of a real one where it is installed. */
import { assertEquals, assertStrictEquals } from "@std/assert";
import { AwsClient } from "../../../deps/aws4fetch.ts";
import { addressOf } from "../../../pipeline/locations/bucket_access.ts";
import { openLocation } from "../../../pipeline/locations/open_location.ts";
import type { Recording } from "../../../pipeline/recording.ts";
import { openDataset } from "../../../pipeline/sources/open_dataset.ts";
import { openRecordings, openTestFolder } from "../../../pipeline/sources/open_recordings.ts";
import { createZip, membersBelow, utf8 } from "../../archives.ts";
import { assertFails } from "../../assert_failure.ts";
import { withFolder, writeToneDataset } from "../../fixtures.ts";
import { type S3ServerOptions, serveBucket, withAccess } from "../../s3_server.ts";
import { findVersity, startVersity } from "../../versity.ts";

const keys = { AWS_ACCESS_KEY_ID: "me", AWS_SECRET_ACCESS_KEY: "secret" };

/** The keys of a bucket with a data set below `set`, and what else lies in buckets. */
async function writeBucket(dir: string): Promise<Map<string, Uint8Array>> {
  await writeToneDataset(dir, 3);
  await Deno.writeFile(`${dir}/train/high/ü +&%41 b.wav`, utf8("a name"));
  await Deno.writeTextFile(`${dir}/notes.txt`, "no sound");
  const members = await membersBelow(dir);
  const objects = members.map(({ name, bytes }) => [`set/${name}`, bytes!] as const);
  return new Map<string, Uint8Array>([
    ...objects,
    ...[["set/", utf8("")], ["set.zip", createZip(members)], [
      "set-1.wav",
      utf8("beside"),
    ]] as const,
    ["list.csv", utf8("path,label\nset/train/low/1.wav,x\ns3://clips/set/train/high/1.wav,y\n")],
  ]);
}

async function contentsOf(recordings: readonly Recording[]): Promise<string[]> {
  return await Promise.all(recordings.map(async ({ id, labels, location }) => {
    using source = await openLocation(location);
    const bytes = await source.read(0, source.size);
    return `${id} ${labels} ${bytes.length} ${bytes.reduce((sum, byte) => sum * 31 + byte | 0, 0)}`;
  }));
}

async function withBucket(
  options: Partial<S3ServerOptions>,
  run: (
    dir: string,
    server: ReturnType<typeof serveBucket>,
    objects: Map<string, Uint8Array>,
  ) => Promise<void>,
): Promise<void> {
  await withFolder(async (dir) => {
    const objects = await writeBucket(dir);
    await using server = serveBucket({ objects, accessKey: "me", ...options });
    await withAccess({ ...keys, AWS_ENDPOINT_URL: server.url }, () => run(dir, server, objects));
  });
}

Deno.test("a bucket is walked as a folder is, page by page: sets, classes, what is not used", () =>
  withBucket({ pageSize: 2 }, async (dir, server, objects) => {
    objects.set("set/odd//1.wav", utf8("nowhere"));
    const near = await openDataset({ dir });
    for (const path of ["s3://clips/set", "s3://clips/set/", "s3://clips/set.zip"]) {
      const far = await openDataset({ dir: path });
      assertEquals(far.classes, near.classes);
      const odd = "objects whose keys are no paths, not used, such as set/odd//: 1";
      assertEquals(far.notes, path.endsWith("zip") ? near.notes : [odd, ...near.notes ?? []]);
      assertEquals(await contentsOf(far.train), await contentsOf(near.train), path);
      assertEquals(await contentsOf(far.test), await contentsOf(near.test));
    }
    const toLabel = await openTestFolder("s3://clips/set/test/high", []);
    assertEquals(toLabel.map(({ id }) => id), ["1.wav", "2.wav", "3.wav"]);
    const [alone] = await openRecordings("s3://clips/set/test/high/2.wav");
    assertEquals([alone.id, alone.location.kind], ["2.wav", "object"]);
    const listed = await openDataset({ dir: "s3://clips/list.csv" });
    assertEquals(listed.train.map(({ id }) => id), [
      ...["clips/set/train/high/1.wav", "set/train/low/1.wav"],
    ]);
    server.asked.length = 0;
    await contentsOf((await openDataset({ dir: "s3://clips/set" })).train);
    const numReads = server.asked.filter((line) => line.includes("bytes=")).length;
    assertStrictEquals(numReads, 7, "what was listed is asked for once, by its bytes");
  }));

Deno.test("what passes is asked again, what stays is said in a line", () =>
  withBucket({
    pageSize: 3,
    faultOf: (path, count) =>
      path.includes("slow") ? errorOf(503, "SlowDown") : count === 1 ? "cut" : undefined,
  }, async (_dir, server) => {
    const opened = await openDataset({ dir: "s3://clips/set" });
    assertStrictEquals((await contentsOf(opened.train)).length, 7);
    const failing: readonly (readonly [string, RegExp])[] = [
      ["s3://clips/no", /expected a folder of recordings, saw nothing there$/],
      ["s3://other/a", /expected a file, saw 404 NoSuchBucket: nothing is there$/],
    ];
    for (const [path, expected] of failing) await assertFails(openRecordings(path), expected);
    const access = (more: Readonly<Record<string, string>>) =>
      withAccess({ AWS_ENDPOINT_URL: server.url, ...more }, () => openRecordings("s3://clips/set"));
    await assertFails(access({}), /403 AccessDenied: AWS_ACCESS_KEY_ID and .* are not set$/);
    await assertFails(
      access({ ...keys, AWS_ACCESS_KEY_ID: "you" }),
      /403 InvalidAccessKeyId: the server lets nobody read it, or not with this key$/,
    );
  }));

const errorOf = (status: number, code: string, more = "") =>
  new Response(`<Error><Code>${code}</Code>${more}</Error>`, { status });

Deno.test("answers of S3 that tell of its region, of old keys, or are no list", async () => {
  const answers: readonly (readonly [Response, RegExp])[] = [
    [
      errorOf(400, "AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>"),
      /400 AuthorizationHeaderMalformed: the bucket is in eu-west-1: set AWS_REGION$/,
    ],
    [errorOf(400, "ExpiredToken"), /400 ExpiredToken: its address or key has expired$/],
    [new Response("<html></html>"), /expected a list of a bucket .*, saw a html$/],
    [new Response("hello"), /expected a list of a bucket .*, saw no XML$/],
  ];
  for (const [response, expected] of answers) {
    await using server = serveBucket({
      objects: new Map(),
      faultOf: (path) => path === "/clips/" ? response : undefined,
    });
    const access = { ...keys, AWS_ENDPOINT_URL: server.url };
    await withAccess(access, () => assertFails(openRecordings("s3://clips/set"), expected));
  }
});

Deno.test("a bucket without an endpoint is Amazon's, in its region", () =>
  withAccess({ AWS_REGION: "eu-west-1" }, () => {
    assertEquals(
      addressOf({ bucket: "clips", key: "a b/ü.wav" }),
      "https://clips.s3.eu-west-1.amazonaws.com/a%20b/%C3%BC.wav",
    );
    assertEquals(
      addressOf({ bucket: "my.clips", key: "a" }),
      "https://s3.eu-west-1.amazonaws.com/my.clips/a",
    );
    return Promise.resolve();
  }));

const versity = await findVersity();

Deno.test({
  name: "a real S3 server gives what the folder does" +
    (versity ? "" : " (needs versitygw, which is not installed)"),
  ignore: !versity,
  fn: () =>
    withFolder(async (dir) => {
      const objects = await writeBucket(`${dir}/set`);
      await Deno.mkdir(`${dir}/root`);
      await using server = await startVersity(versity!, `${dir}/root`, keys);
      const { url } = server;
      const client = new AwsClient({ accessKeyId: "me", secretAccessKey: "secret", service: "s3" });
      const put = async (path: string, body?: Uint8Array) => {
        const address = addressOf({ bucket: "clips", key: path, endpoint: url });
        const response = await client.fetch(address, { method: "PUT", body: body as BodyInit });
        assertEquals([path, response.status], [path, 200]);
        await response.body?.cancel();
      };
      await put("");
      for (const [key, bytes] of objects) await put(key, bytes);
      await withAccess({ ...keys, AWS_ENDPOINT_URL_S3: url }, async () => {
        const near = await openDataset({ dir: `${dir}/set` });
        for (const path of ["s3://clips/set", "s3://clips/set.zip"]) {
          const far = await openDataset({ dir: path });
          assertEquals(far.notes, near.notes);
          assertEquals(await contentsOf(far.train), await contentsOf(near.train));
          assertEquals(await contentsOf(far.test), await contentsOf(near.test));
        }
        await assertFails(openRecordings("s3://clips/no"), /saw nothing there$/);
      });
      const access = { ...keys, AWS_SECRET_ACCESS_KEY: "wrong", AWS_ENDPOINT_URL: url };
      await withAccess(
        access,
        () =>
          assertFails(openRecordings("s3://clips/set"), /403 SignatureDoesNotMatch: the server/),
      );
    }),
});
