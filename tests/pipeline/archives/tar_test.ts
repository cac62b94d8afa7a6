/** Tars of every dialect, and broken ones. */
import { assertEquals } from "@std/assert";
import { openLocation } from "../../../pipeline/locations/open_location.ts";
import { openFolder } from "../../../pipeline/sources/folder.ts";
import { openRecordings } from "../../../pipeline/sources/open_recordings.ts";
import {
  concat,
  createTar,
  latin1,
  paxHeader,
  tarEnd,
  type TarMember,
  tarMember,
  utf8,
} from "../../archives.ts";
import { assertFails } from "../../assert_failure.ts";
import { withFolder } from "../../fixtures.ts";

const member = (name: string | Uint8Array, more: Partial<TarMember> = {}): TarMember => ({
  name,
  bytes: utf8(`sound of ${name}`),
  ...more,
});

async function listed(path: string, bytes: Uint8Array): Promise<Record<string, string>> {
  await Deno.writeFile(path, bytes);
  const read: Record<string, string> = {};
  for (const { id, location } of await openRecordings(path)) {
    try {
      using source = await openLocation(location);
      read[id] = new TextDecoder().decode(await source.read(0, source.size));
    } catch (error) {
      read[id] = String(error).replace(/^.*: expected/, "expected");
    }
  }
  return read;
}

/** The notes of a tar with two classes and these blocks behind them. */
async function notesOf(path: string, ...more: readonly Uint8Array[]): Promise<readonly string[]> {
  const classes = [tarMember(member("a/1.wav")), tarMember(member("b/1.wav"))];
  await Deno.writeFile(path, concat(...classes, ...more));
  const { notes = [] } = await openFolder(path);
  return notes.map((note) => note.replace(path, "a.tar"));
}

Deno.test("long names, by pax and by GNU, and names of other encodings are read", () =>
  withFolder(async (dir) => {
    const long = `${"x".repeat(90)}/${"y".repeat(90)}`;
    const tar = concat(
      paxHeader({ path: `${long}/é.wav` }),
      tarMember(member("short.wav")),
      tarMember({ name: "././@LongLink", type: "L", bytes: utf8(`${long}/gnu.wav\0`) }),
      tarMember(member("short.wav")),
      tarMember(member(latin1("caf\xe9.wav"))),
      tarMember(member(latin1("caf\xe8.wav"))),
      tarMember(member("./plain.wav")),
      tarEnd,
    );
    assertEquals(Object.keys(await listed(`${dir}/a.tar`, tar)).sort(), [
      ...["cafè.wav", "café.wav", "plain.wav", `${long}/gnu.wav`, `${long}/é.wav`],
    ]);
  }));

Deno.test("a size that pax says goes before the header's", () =>
  withFolder(async (dir) => {
    const tar = concat(paxHeader({ size: "5" }), tarMember(member("1.wav", { size: 0 })), tarEnd);
    assertEquals(await listed(`${dir}/a.tar`, tar), { "1.wav": "sound" });
  }));

Deno.test("links lead within the archive; a hard link is a recording as any, a symbolic one the same", () =>
  withFolder(async (dir) => {
    const link = (name: string, type: string, link: string): TarMember => ({ name, type, link });
    const tar = createTar([
      member("a/1.wav"),
      link("a/2.wav", "1", "a/1.wav"),
      link("a/3.wav", "2", "1.wav"),
      link("b/4.wav", "2", "../a/1.wav"),
      link("b/5.wav", "2", "../../a/1.wav"),
      link("b/6.wav", "1", "gone.wav"),
      link("c", "2", "a"),
    ]);
    const { "b/5.wav": out, "b/6.wav": gone, ...read } = await listed(`${dir}/a.tar`, tar);
    const sound = "sound of a/1.wav";
    assertEquals(read, {
      "a/1.wav": sound,
      "a/2.wav": sound,
      "a/3.wav": sound,
      "b/4.wav": sound,
    });
    assertEquals(out, "expected a file, saw a way out of the archive");
    assertEquals(gone, "expected a file, saw nothing there");
    const { notes } = await openFolder(`${dir}/a.tar`);
    assertEquals(notes?.slice(0, 2), [
      "links to folders that are listed already, not followed, such as c: 1",
      "links to recordings that are listed already, left out, such as a/3.wav: 1",
    ]);
  }));

Deno.test("what is cut off is said: between members, and within one", () =>
  withFolder(async (dir) => {
    const path = `${dir}/a.tar`,
      said = "archives without their end, which are cut off, such as a.tar: 1";
    assertEquals(await notesOf(path, tarEnd), []);
    assertEquals(await notesOf(path), [said]);
    const last = tarMember(member("b/2.wav", { bytes: new Uint8Array(3000) }));
    assertEquals(await notesOf(path, last.subarray(0, 1000)), [said]);
    const read = await listed(path, last.subarray(0, 1000));
    assertEquals(read, {
      "b/2.wav": "expected 3000 bytes, saw the end of the archive after 488 of them",
    });
  }));

Deno.test("a tar that follows another is read, other bytes behind the end are not, and that is said", () =>
  withFolder(async (dir) => {
    const path = `${dir}/a.tar`, second = createTar([member("b/2.wav")]);
    assertEquals(await notesOf(path, tarEnd, second), []);
    assertEquals((await openRecordings(path)).map(({ id }) => id), [
      ...["a/1.wav", "b/1.wav", "b/2.wav"],
    ]);
    assertEquals(await notesOf(path, tarEnd, new Uint8Array(2000).fill(7)), [
      "archives with other bytes behind their end, not read, such as a.tar: 1",
    ]);
    assertEquals(await notesOf(path, tarEnd, new Uint8Array(2e6)), [
      "archives with nothing but zeros from some place on, perhaps not whole, such as a.tar: 1",
    ]);
  }));

Deno.test("devices are left out and said, sparse files cannot be read, absurd headers are refused", () =>
  withFolder(async (dir) => {
    const path = `${dir}/a.tar`;
    assertEquals(await notesOf(path, tarMember({ name: "b/pipe", type: "6" }), tarEnd), [
      "members that are no file, folder or link, not used, such as b/pipe: 1",
    ]);
    const sparse = concat(
      paxHeader({ "GNU.sparse.major": "1" }),
      tarMember(member("1.wav")),
      tarEnd,
    );
    assertEquals(await listed(path, sparse), {
      "1.wav": "expected a file, saw a sparse file, with its gaps left out",
    });
    for (
      const [more, words] of [
        [tarMember({ name: "x", type: "S" }), /expected no sparse file \(tar --sparse\), saw x/],
        [tarMember({ name: "x", type: "x", size: 2 ** 30 }), /header of 1048576 bytes at most/],
        [new Uint8Array(512).fill(255), /expected a member's header at byte 2048, saw something/],
      ] as const
    ) await assertFails(notesOf(path, more), { name: "DatasetError", message: words });
  }));

Deno.test("an archive that changes within a tick of the disk's clock is read anew", () =>
  withFolder(async (dir) => {
    for (let i = 0; i < 30; i++) {
      const bytes = createTar([member("a/1.wav"), member(`b/${i % 10}.wav`)]);
      assertEquals(Object.keys(await listed(`${dir}/a.tar`, bytes)), [
        "a/1.wav",
        `b/${i % 10}.wav`,
      ]);
    }
  }));
