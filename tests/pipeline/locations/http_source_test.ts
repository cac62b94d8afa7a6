/** Files of a web server, read by ranges or whole, and what is said of servers that misbehave. */
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import type { OpenSource } from "../../../pipeline/locations/byte_source.ts";
import { describeLocation, type UrlLocation } from "../../../pipeline/locations/location.ts";
import { openLocation, openOnce, stampOf } from "../../../pipeline/locations/open_location.ts";
import { resolveLocation } from "../../../pipeline/locations/open_remote.ts";
import { openPatiently } from "../../../pipeline/locations/patience.ts";
import { mostWholeBytes } from "../../../pipeline/locations/whole_body.ts";
import { assertFails } from "../../assert_failure.ts";
import { type FileServer, serveFiles, type ServerFault } from "../../file_server.ts";

const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 2654435761) >>> 13);
const find = (path: string) => path === "/empty" ? new Uint8Array() : bytes;
const quick = { timeoutMs: 5000, attempts: 3, pauseMs: 1 };
const at = ({ url }: FileServer, path = "/a.wav"): UrlLocation => ({
  kind: "url",
  url: url + path,
});
const open = (location: UrlLocation) => openPatiently(openOnce, location, quick, () => {});
const answering = (status: number, statusText: string, body = "") =>
  new Response(body, { status, statusText });

async function assertReads(source: OpenSource, offset: number, length: number): Promise<void> {
  const expected = bytes.subarray(offset, offset + length);
  const seen = await source.read(offset, length);
  assertStrictEquals(seen.length, expected.length);
  assert(seen.every((byte, i) => byte === expected[i]), `bytes from ${offset}`);
}

Deno.test("any reads in any order give the file's bytes, by ranges or whole", async () => {
  await using ranged = serveFiles({ find });
  await using whole = serveFiles({ find, faultOf: () => "whole" });
  for (const server of [ranged, whole]) {
    using source = await openLocation(at(server));
    assertStrictEquals(source.size, bytes.length);
    const reads = fc.array(fc.tuple(fc.nat(bytes.length + 9), fc.nat(700_000)), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(reads, async (reads) => {
        for (const [offset, length] of reads) await assertReads(source, offset, length);
      }),
      { numRuns: 20 },
    );
  }
  assertStrictEquals(whole.asked.length, 1);
});

Deno.test("a short file costs one request, a long one a request a megabyte", async () => {
  await using server = serveFiles({ find: (path) => bytes.subarray(0, Number(path.slice(1))) });
  for (const [size, numRequests] of [[200_000, 1], [3_000_000, 4]]) {
    server.asked.length = 0;
    using source = await openLocation(at(server, `/${size}`));
    for (let offset = 0; offset < size; offset += 65536) {
      const seen = await source.read(offset, 4096);
      assertEquals(seen, bytes.subarray(offset, Math.min(size, offset + 4096)));
    }
    await source.read(0, 12);
    assertStrictEquals(server.asked.length, numRequests, `of ${size} bytes`);
  }
});

Deno.test("a server is asked again after faults that pass", async () => {
  const passing: readonly (readonly [string, ServerFault])[] = [
    ["503", answering(503, "Service Unavailable")],
    ["429", new Response("", { status: 429, headers: { "retry-after": "0.001" } })],
    ...["cut", "short", "slow", "whole, cut"].map((name) => [name, name as ServerFault] as const),
  ];
  for (const [name, fault] of passing) {
    for (const turn of [0, 1]) {
      const faultOf = (_: string, count: number) => count === turn ? fault : undefined;
      await using server = serveFiles({ find, faultOf });
      using source = await open(at(server));
      for (const offset of [2_000_000, 0, 1_000_000]) await assertReads(source, offset, 300_000);
      assert(server.asked.length > 2, name);
    }
  }
});

Deno.test("a whole file without a length is read to its end, an empty one is empty", async () => {
  await using server = serveFiles({ find, faultOf: () => "endless" });
  using source = await open(at(server));
  assertStrictEquals(source.size, bytes.length);
  await assertReads(source, 2_900_000, 200_000);
  await using ranged = serveFiles({ find });
  using empty = await open(at(ranged, "/empty"));
  assertEquals([empty.size, await empty.read(0, 10)], [0, new Uint8Array()]);
});

Deno.test("what a server does wrong for good is said in a line, without keys", async () => {
  const expired = "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>";
  const faults: readonly (readonly [ServerFault, RegExp])[] = [
    [answering(404, "Not Found"), /expected a file, saw 404 Not Found: nothing is there$/],
    [answering(410, "Gone"), /expected a file, saw 410 Gone: nothing is there any more$/],
    [
      answering(403, "Forbidden"),
      /expected a file, saw 403 Forbidden: the server lets nobody read it, or not with/,
    ],
    [
      answering(403, "Forbidden", expired),
      /expected a file, saw 403 AccessDenied: its address or key has expired$/,
    ],
    [
      answering(401, "Unauthorized"),
      /expected a file, saw 401 Unauthorized: the server wants to know who asks$/,
    ],
    [answering(503, "Busy"), /expected an answer, saw 503 Service Unavailable \(after 3 tries\)$/],
    ["cut", /expected an answer, saw .*(connection|body|chunk).* \(after 3 tries\)$/],
    ["short", /expected an answer, saw cut off after 262143 of 262144 bytes \(after 3 tries\)$/],
  ];
  for (const [fault, expected] of faults) {
    await using server = serveFiles({ find, faultOf: () => fault });
    const failure = open(at(server, "/a.wav?v=1&X-Amz-Signature=secret"));
    const named = `Cannot decode ${server.url}/a\\.wav\\?v=1: `;
    await assertFails(failure, new RegExp(named + expected.source));
  }
  const later: readonly (readonly [ServerFault, RegExp])[] = [
    ["longer", /expected 3000000 bytes, as it had before, saw 3000001$/],
    ["changed", /expected the file as it was before, saw one that has changed meanwhile$/],
  ];
  for (const [fault, expected] of later) {
    const faultOf = (_: string, count: number) => count > 0 ? fault : undefined;
    await using server = serveFiles({ find, faultOf });
    using source = await open(at(server));
    await assertFails(Promise.try(() => source.read(1_000_000, 10)), expected);
  }
  await using large = serveFiles({
    find: () => new Uint8Array(mostWholeBytes + 1),
    faultOf: () => "whole",
  });
  await assertFails(open(at(large)), /67108864 bytes at most from a server that gives no ranges/);
  await assertFails(open({ kind: "url", url: "http://127.0.0.1:9/a" }), /\(after 3 tries\)$/);
});

Deno.test("a server that was asked has told the size and version, which stand for the bytes", async () => {
  await using server = serveFiles({ find });
  const signed = at(server, "/a.wav?X-Amz-Date=1&part=2&X-Amz-Signature=abc");
  const resolved = await resolveLocation(signed), { url } = signed;
  assertEquals(resolved, { kind: "url", url, size: 3_000_000, version: "3000000" });
  assertEquals(server.asked, ["/a.wav bytes=0-0"]);
  const again = { ...resolved, url: url.replace("Date=1", "Date=9").replace("abc", "xyz") };
  assertEquals(stampOf(again), stampOf(resolved), "signed anew it is the same");
  assertEquals(describeLocation(resolved), `${server.url}/a.wav?part=2`);
  using source = await openLocation(resolved);
  assertStrictEquals(server.asked.length, 1, "what is known is not asked again");
  await assertReads(source, 0, 1000);
  await using gone = serveFiles({ find, faultOf: () => "changed" });
  using changed = await open({ ...at(gone), size: 3_000_000, version: "3000000" });
  await assertFails(Promise.try(() => changed.read(0, 9)), /one that has changed meanwhile/);
});

Deno.test({
  name: "without permission one line says how to give it",
  permissions: { net: false, read: true },
  fn: async () => {
    const expected =
      /permission to reach example\.org:443, saw none: give it with --allow-net=example/;
    await assertFails(open({ kind: "url", url: "https://example.org/a.wav" }), expected);
  },
});
