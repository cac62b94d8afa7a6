/** Zips as they come, and as somebody with bad intent makes them. */
import { assertEquals } from "@std/assert";
import { openLocation } from "../../../pipeline/locations/open_location.ts";
import { openFolder } from "../../../pipeline/sources/folder.ts";
import { openRecordings } from "../../../pipeline/sources/open_recordings.ts";
import { concat, createZip, latin1, utf8, type ZipMember } from "../../archives.ts";
import { assertFails } from "../../assert_failure.ts";
import { withFolder } from "../../fixtures.ts";

/** What a zip of these members lists, each with what it holds or why it cannot be read. */
async function listed(dir: string, bytes: Uint8Array): Promise<Record<string, string>> {
  await Deno.writeFile(`${dir}/a.zip`, bytes);
  const read: Record<string, string> = {};
  for (const { id, location } of await openRecordings(`${dir}/a.zip`)) {
    try {
      using source = await openLocation(location);
      read[id] = new TextDecoder().decode(await source.read(0, source.size));
    } catch (error) {
      read[id] = String(error).replaceAll(`${dir}/`, "");
    }
  }
  return read;
}

const member = (name: string | Uint8Array, more: Partial<ZipMember> = {}): ZipMember => ({
  name,
  bytes: utf8("sound"),
  ...more,
});

Deno.test("names are UTF-8 where they are that, with or without the flag, else of code page 437", () =>
  withFolder(async (dir) => {
    const members = [
      member("é.wav"),
      member(utf8("ü.wav"), { flags: 0 }), // as macOS writes it
      member(latin1("\x84.wav"), { flags: 0 }),
      member("c/\\d.wav"),
    ];
    assertEquals(Object.keys(await listed(dir, createZip(members))).sort(), [
      ...["c/\\d.wav", "ä.wav", "é.wav", "ü.wav"].sort(),
    ]);
  }));

Deno.test("names that lead out of the archive are left out, and said; those from a disk's root are not", () =>
  withFolder(async (dir) => {
    const members = [
      ...["../../evil.wav", "a/../../evil.wav", "..", "a\0.wav", `${"x/".repeat(3000)}1.wav`],
      ...["/a/1.wav", "./a//2.wav", "b/1.wav", "b", "b/1.wav/2.wav", "a/2.wav", "/"],
    ].map((name) => member(name));
    await Deno.writeFile(`${dir}/a.zip`, createZip(members));
    const { train, notes } = await openFolder(`${dir}/a.zip`);
    assertEquals(train.map(({ id }) => id), ["a/1.wav", "a/2.wav", "b/1.wav/2.wav"]);
    assertEquals(notes?.filter((note) => note.startsWith("members")), [
      "members whose names lead out of the archive, not used, such as ../../evil.wav: 4",
      "members with names of more than 4096 characters, not used, such as " +
      `${"x/".repeat(20)}…: 1`,
      "members whose name a folder has too, not used, such as b: 2",
      "members of the same name, of which the last is used, such as a/2.wav: 1",
    ]);
    assertEquals([...Deno.readDirSync(dir)].map(({ name }) => name), ["a.zip"]);
  }));

Deno.test("a member that cannot be read is one that cannot be read, with its reason; the rest is", () =>
  withFolder(async (dir) => {
    const zip = createZip([
      member("1.wav"),
      member("2.wav", { flags: 0x801 }),
      member("3.wav", { method: 12 }),
      member("4.wav", { crc32: 5 }),
      member("5.wav", { packed: utf8("\xffnot deflated") }),
      member("6.wav", { size: 4 }),
      member("7.wav", { size: 6 }),
      member("8.wav", { method: 0, size: 6 }),
      member("9.wav", { method: 0, packed: utf8("stored"), bytes: utf8("stored") }),
    ]);
    assertEquals(await listed(dir, zip), {
      "1.wav": "sound",
      "2.wav": "DecodeError: Cannot decode a.zip/2.wav: expected a file, saw an encrypted member",
      "3.wav":
        "DecodeError: Cannot decode a.zip/3.wav: expected a file, saw a member packed by method 12, not by deflate",
      "4.wav":
        "DecodeError: Cannot decode a.zip/4.wav: expected bytes of its checksum, saw others: it is damaged",
      "5.wav":
        "DecodeError: Cannot decode a.zip/5.wav: expected 5 bytes, deflated, saw invalid distance too far back",
      "6.wav": "DecodeError: Cannot decode a.zip/6.wav: expected 4 bytes, deflated, saw more",
      "7.wav": "DecodeError: Cannot decode a.zip/7.wav: expected 6 bytes, saw 5",
      "8.wav":
        "DecodeError: Cannot decode a.zip/8.wav: expected a file, saw a stored member of two sizes, 5 and 6 bytes",
      "9.wav": "stored",
    });
  }));

Deno.test("a member that claims to unpack to gigabytes, or to far more than sound does, costs nothing", () =>
  withFolder(async (dir) => {
    const packed = createZip([
      member("1.wav", { size: 2 ** 31 }),
      member("2.wav", { bytes: new Uint8Array(2 ** 25) }),
      member("3.wav", { bytes: new Uint8Array(2 ** 20) }),
    ]);
    const { "3.wav": silence, ...refused } = await listed(dir, packed);
    assertEquals(silence.length, 2 ** 20);
    assertEquals(refused, {
      "1.wav":
        "DecodeError: Cannot decode a.zip/1.wav: expected a deflated member of 268435456 bytes at most, saw one of 2147483648 bytes",
      "2.wav":
        "DecodeError: Cannot decode a.zip/2.wav: expected a member that unpacks to 200 times its size at most, saw one to 33554432 bytes",
    });
  }));

Deno.test("links lead within the archive, and nowhere else", () =>
  withFolder(async (dir) => {
    const link = (name: string, target: string) =>
      member(name, { bytes: utf8(target), mode: 0o120777 });
    const zip = createZip([
      member("a/1.wav"),
      link("b/2.wav", "../a/1.wav"),
      link("b/3.wav", "../../../etc/passwd"),
      link("b/4.wav", "/etc/passwd"),
      link("b/5.wav", "5.wav"),
      link("c", "b"),
      link("d", "d"),
    ]);
    await Deno.writeFile(`${dir}/a.zip`, zip);
    const read = await listed(dir, zip);
    assertEquals(Object.keys(read), ["a/1.wav", "b/2.wav", "b/3.wav", "b/4.wav", "b/5.wav"]);
    assertEquals(read["b/2.wav"], "sound");
    for (const [id, words] of [["3", /a way out/], ["4", /a way out/], ["5", /a link to itself/]]) {
      await assertFails(Promise.reject(read[`b/${id}.wav`]), words as RegExp);
    }
  }));

Deno.test("a zip that follows other bytes, as in an executable, is read", () =>
  withFolder(async (dir) => {
    const zip = concat(utf8("PK\x03\x04 stub".repeat(10)), createZip([member("1.wav")]));
    assertEquals(await listed(dir, zip), { "1.wav": "sound" });
  }));

Deno.test("a member whose bytes are not where the directory says is named", () =>
  withFolder(async (dir) => {
    const zip = createZip([member("1.wav"), member("2.wav")]);
    zip[new TextDecoder("latin1").decode(zip).indexOf("PK\x03\x04", 1)] = 0x51;
    assertEquals(await listed(dir, zip), {
      "1.wav": "sound",
      "2.wav":
        "DecodeError: Cannot decode a.zip/2.wav: expected its header at byte 42 of the archive, saw something else",
    });
  }));
