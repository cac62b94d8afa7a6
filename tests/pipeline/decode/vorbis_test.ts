/** Our Vorbis kernel beside the specification's formulas, on streams made to order. */
import { assert, assertMatch, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { DecodeError } from "../../../pipeline/decode/audio.ts";
import { bytesSource } from "../../../pipeline/locations/byte_source.ts";
import { decodeSource } from "../../../pipeline/decode/decode.ts";
import { createRandom, type Random } from "../../../pipeline/random.ts";
import { assertFails } from "../../assert_failure.ts";
import { maxDifference, readFixture } from "./fixtures.ts";
import { buildOgg, readPackets } from "./ogg_files.ts";
import {
  BitWriter,
  buildSetup,
  buildVorbis,
  type CodebookOptions,
  codewordsOf,
  type Floor1Options,
  type ResidueOptions,
  type VorbisOptions,
} from "./vorbis_files.ts";
import { type MadePacket, makePacket, synthesize } from "./vorbis_model.ts";

/** Lengths of a random prefix code in which nothing is left over, in random order. */
function randomLengths(random: Random, count: number, longest = 20): number[] {
  const lengths = [0];
  while (lengths.length < count) {
    // Splitting the newest leaf half the time makes some codewords much longer than others.
    const i = random.next() < 0.5 ? lengths.length - 1 : Math.floor(random.next() * lengths.length);
    if (lengths[i] === longest) continue;
    lengths.push(...lengths.splice(i, 1).flatMap((length) => [length + 1, length + 1]));
  }
  return shuffled(lengths, random);
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items.map((item) => ({ item, order: random.next() })).sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

/** A book whose entries are vectors of random numbers. */
function vectorBook(random: Random, dimensions: number, entries: number): CodebookOptions {
  const values = Array.from({ length: entries * dimensions }, () => random.nextUint32() % 64);
  return {
    dimensions,
    lengths: randomLengths(random, entries),
    lookup: { type: 2, values, valueBits: 6, smallest: -4, step: 0.125 },
  };
}

/** 256 codewords of 8 bits: a floor's points can have any height. */
const heightBook: CodebookOptions = { dimensions: 1, lengths: Array(256).fill(8) };

const plainFloor: Floor1Options = { multiplier: 1, xBits: 7, xs: [], book: 0 };
const oneClass: CodebookOptions = { dimensions: 1, lengths: [1] };
const plainResidue: ResidueOptions = {
  type: 1,
  begin: 0,
  end: 4096,
  partitionSize: 16,
  classBook: 1,
  classes: [[2]],
};

/** A mono stream of blocks of 64 and 256 samples; book 2 holds the residues' vectors. */
function streamOptions(random: Random, changes: Partial<VorbisOptions> = {}): VorbisOptions {
  return {
    numChannels: 1,
    blockSizes: [64, 256],
    codebooks: [heightBook, oneClass, vectorBook(random, 2, 40)],
    floors: [plainFloor],
    residues: [plainResidue],
    mappings: [{ floor: 0, residue: 0 }],
    modes: [{ isLong: false, mapping: 0 }, { isLong: true, mapping: 0 }],
    ...changes,
  };
}

async function decode(bytes: Uint8Array<ArrayBuffer>): Promise<Float32Array> {
  return (await decodeSource(bytesSource("made.ogg", bytes))).samples;
}

/** Compares what packets decode to with the model; `cut` shortens packets. */
async function assertAsModel(
  options: VorbisOptions,
  packets: readonly MadePacket[],
  cut: (packet: MadePacket, i: number) => number = ({ bytes }) => bytes.length,
): Promise<void> {
  const lengths = packets.map(cut);
  const file = buildVorbis(options, packets.map(({ bytes }, i) => bytes.slice(0, lengths[i])));
  const expected = synthesize(packets.map((packet, i) => packet.spectrum(lengths[i])));
  const samples = await decode(file);
  assertStrictEquals(samples.length, expected.length);
  const loudest = expected.reduce((max, x) => Math.max(max, Math.abs(x)), 1e-30);
  const difference = maxDifference(samples, expected);
  assert(difference <= 2e-6 * loudest, `off by ${difference} of ${loudest}`);
}

function makePackets(options: VorbisOptions, random: Random, modes: readonly number[]) {
  return modes.map((mode) => makePacket(options, random, mode));
}

for (const blockSizes of [[64, 64], [64, 128], [64, 8192], [256, 2048], [512, 1024]] as const) {
  Deno.test(`blocks of ${blockSizes.join(" and ")} samples, in any order, become the formulas' samples`, async () => {
    const random = createRandom("blocks", ...blockSizes);
    const options = streamOptions(random, { blockSizes });
    const orders = blockSizes[1] > 2048
      ? [[0, 1, 1, 0]]
      : [[1, 1, 1, 1, 1, 1], [0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 1, 1, 1]];
    for (const order of orders) {
      await assertAsModel(options, makePackets(options, random, order));
    }
  });
}

Deno.test("codewords of any lengths are read, in books of any size", async () => {
  for (let round = 0; round < 30; round++) {
    const random = createRandom("codewords", round);
    const entries = 2 + random.nextUint32() % (round < 20 ? 30 : 600);
    const lengths = randomLengths(random, entries, round % 3 === 0 ? 32 : 20);
    const book: CodebookOptions = {
      dimensions: 1,
      lengths: round % 4 === 0 ? lengths.flatMap((length) => [length, 0]) : lengths,
      lookup: { type: 1, values: [], valueBits: 10, smallest: -8, step: 0.0625 },
    };
    const values = book.lengths.map((_, i) => i % 1024);
    const codebooks = [heightBook, oneClass, { ...book, lookup: { ...book.lookup!, values } }];
    const options = streamOptions(random, { codebooks });
    await assertAsModel(options, makePackets(options, random, [1, 1, 0, 1]));
  }
});

Deno.test("lengths may be stored as counts", async () => {
  const random = createRandom("ordered");
  const lengths = randomLengths(random, 50).toSorted((a, b) => a - b);
  const book = { ...vectorBook(random, 2, 50), lengths, isOrdered: true };
  const options = streamOptions(random, { codebooks: [heightBook, oneClass, book] });
  await assertAsModel(options, makePackets(options, random, [1, 1, 1]));
});

for (const dimensions of [1, 2, 3, 4, 8, 16]) {
  Deno.test(`vectors of ${dimensions}: a lattice, a list, and each a running sum`, async () => {
    const random = createRandom("vectors", dimensions);
    for (const type of [1, 2]) {
      for (const isCumulative of [false, true]) {
        const entries = type === 1 ? [0, 20, 25, 27, 16, 0, 0, 0, 256][dimensions] ?? 3 : 12;
        const numValues = type === 1
          ? Math.floor(entries ** (1 / dimensions) + 1e-9)
          : entries * dimensions;
        const values = Array.from({ length: numValues }, () => random.nextUint32() % 16);
        const book: CodebookOptions = {
          dimensions,
          lengths: randomLengths(random, entries),
          lookup: { type, values, valueBits: 4, smallest: -2, step: 0.25, isCumulative },
        };
        const options = streamOptions(random, {
          codebooks: [heightBook, oneClass, book],
          residues: [{ ...plainResidue, partitionSize: 2 * dimensions }],
        });
        await assertAsModel(options, makePackets(options, random, [1, 1, 0, 1]));
      }
    }
  });
}

Deno.test("floors of type 1 are drawn as the specification draws them", async () => {
  for (let round = 0; round < 24; round++) {
    const random = createRandom("floor 1", round);
    const xBits = 5 + round % 8, all = Array.from({ length: 2 ** xBits - 1 }, (_, i) => i + 1);
    const floor: Floor1Options = {
      multiplier: 1 + round % 4,
      xBits,
      xs: shuffled(all, random).slice(0, random.nextUint32() % 31),
      book: 0,
    };
    const options = streamOptions(random, { floors: [floor], blockSizes: [64, 1024] });
    await assertAsModel(options, makePackets(options, random, [1, 0, 1, 1]));
  }
});

const residues: Readonly<Record<string, Partial<ResidueOptions>>> = {
  "type 0": { type: 0 },
  "type 1": { type: 1 },
  "type 2": { type: 2 },
  "type 0, part of the spectrum": { type: 0, begin: 24, end: 100, partitionSize: 24 },
  "type 1, part of the spectrum": { type: 1, begin: 24, end: 100, partitionSize: 24 },
  "type 2, part of the spectrum": { type: 2, begin: 48, end: 240, partitionSize: 24 },
};

for (const [name, residue] of Object.entries(residues)) {
  for (const numChannels of [1, 2, 3]) {
    for (const isCoupled of numChannels > 1 ? [false, true] : [false]) {
      const title = `residues of ${name}, ${numChannels} channels${isCoupled ? ", coupled" : ""}`;
      /** Three classes: nothing, one pass, three passes; two named at a time. */
      const makeOptions = (random: Random) =>
        streamOptions(random, {
          numChannels,
          codebooks: [
            heightBook,
            { dimensions: 2, lengths: randomLengths(random, 9) },
            vectorBook(random, 2, 40),
            vectorBook(random, 4, 12),
            vectorBook(random, 8, 9),
            vectorBook(random, 3, 9),
          ],
          residues: [{
            ...plainResidue,
            partitionSize: 48,
            ...residue,
            classes: [[], [2, -1, 5], [3, 4, -1, -1, 2]],
          }],
          mappings: [{
            floor: 0,
            residue: 0,
            steps: isCoupled ? [[0, 1], [numChannels - 1, 0]] : [],
          }],
        });

      Deno.test(title, async () => {
        for (let round = 0; round < 6; round++) {
          const random = createRandom(title, round), options = makeOptions(random);
          await assertAsModel(options, makePackets(options, random, [1, 1, 0, 0, 1, 1]));
        }
      });

      Deno.test(`${title}: of a packet that is cut short what is whole sounds`, async () => {
        const random = createRandom(title, "cut"), options = makeOptions(random);
        let packets = makePackets(options, random, [1, 1, 1]);
        while (packets[1].bytes.length < 20) packets = makePackets(options, random, [1, 1, 1]);
        const { length } = packets[1].bytes;
        for (let cut = 1; cut < length; cut += 1 + cut % 3) {
          await assertAsModel(options, packets, ({ bytes }, i) => i === 1 ? cut : bytes.length);
        }
      });
    }
  }
}

Deno.test("floors of type 0 follow the formula", async () => {
  const random = createRandom("floor 0"), order = 6, length = 128, rangeDb = 100, mapSize = 64;
  const floor = { order, rateHz: 8000, mapSize, amplitudeBits: 8, rangeDb, book: 3 };
  const lattice: CodebookOptions = {
    dimensions: 2,
    lengths: Array(16).fill(4),
    lookup: {
      type: 1,
      values: [1, 2, 3, 5],
      valueBits: 3,
      smallest: 0,
      step: 0.125,
      isCumulative: true,
    },
  };
  const ones: CodebookOptions = {
    dimensions: 2,
    lengths: [1],
    lookup: { type: 2, values: [1, 1], valueBits: 1 },
  };
  const options = streamOptions(random, {
    codebooks: [heightBook, oneClass, ones, lattice],
    floors: [floor],
  });
  const amplitude = 3, entries = [6, 9, 3];
  const bits = new BitWriter().write(0, 1).write(1, 1).write(3, 2).write(amplitude, 8).write(0, 1);
  for (const entry of entries) bits.writeCodeword(codewordsOf(lattice.lengths)[entry]);
  for (let i = 0; i < length / 16; i++) bits.write(0, 1 + 8); // a class, eight vectors

  const values = [0.125, 0.25, 0.375, 0.625], coefficients: number[] = [];
  for (const entry of entries) {
    const base = coefficients.at(-1) ?? 0, first = values[entry % 4] + base;
    coefficients.push(first, first - base + values[entry >> 2] + base);
  }
  const bark = (hz: number) =>
    13.1 * Math.atan(0.00074 * hz) + 2.24 * Math.atan(0.0000000185 * hz * hz) + 0.0001 * hz;
  const curve = Float64Array.from({ length }, (_, i) => {
    const place = Math.min(
      mapSize - 1,
      Math.floor(bark(8000 * i / (2 * length)) * mapSize / bark(4000)),
    );
    const cosine = Math.cos(Math.PI * place / mapSize);
    const product = (odd: number) =>
      coefficients.filter((_, j) => j % 2 === odd)
        .reduce((all, x) => all * 4 * (Math.cos(x) - cosine) ** 2, 1);
    const p = (1 - cosine) / 2 * product(1), q = (1 + cosine) / 2 * product(0);
    return Math.exp(0.11512925 * (amplitude * rangeDb / (255 * Math.sqrt(p + q)) - rangeDb));
  });
  const packet = bits.toBytes(), expected = synthesize([curve, curve, curve]);
  const samples = await decode(buildVorbis(options, [packet, packet, packet]));
  const loudest = expected.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
  assertStrictEquals(samples.length, expected.length);
  assert(maxDifference(samples, expected) < 1e-5 * loudest);
});

Deno.test("packets in any grouping give the same samples", async () => {
  const packets = await readPackets(readFixture("vorbis_stereo.ogg"));
  const whole = await decode(buildOgg(packets, 255));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 60 }), async (segmentsPerPage) => {
      const samples = await decode(buildOgg(packets, segmentsPerPage));
      assertStrictEquals(samples.length, whole.length);
      assertStrictEquals(maxDifference(samples, whole), 0);
    }),
    { numRuns: 20, seed: 1 },
  );
});

Deno.test("packets that are none of sound are passed over", async () => {
  const random = createRandom("others"), options = streamOptions(random);
  const packets = makePackets(options, random, [1, 0, 1, 1]).map(({ bytes }) => bytes);
  const others = [new Uint8Array(), Uint8Array.of(1), Uint8Array.of(0xff, 0xff, 0xff)];
  const mixed = packets.flatMap((bytes) => [...others, bytes]);
  const samples = await decode(buildVorbis(options, mixed));
  assertStrictEquals(maxDifference(samples, await decode(buildVorbis(options, packets))), 0);
});

Deno.test("streams with the same setup, decoded side by side, do not mix", async () => {
  const random = createRandom("side by side"), options = streamOptions(random);
  const files = [10, 20, 30].map((numPackets) => {
    const modes = Array.from({ length: numPackets }, () => random.nextUint32() % 2);
    const packets = makePackets(options, random, modes).map(({ bytes }) => bytes);
    return buildVorbis(options, packets);
  });
  const paged = await Promise.all(files.map(async (file) => buildOgg(await readPackets(file), 1)));
  const alone: Float32Array[] = [];
  for (const file of paged) alone.push(await decode(file));
  const together = await Promise.all(paged.map(decode)); // in turns, page by page
  for (const [i, samples] of together.entries()) {
    assertStrictEquals(samples.length, alone[i].length);
    assertStrictEquals(maxDifference(samples, alone[i]), 0);
  }
});

Deno.test("samples that are absurdly loud are refused, books that could make them are not", async () => {
  const random = createRandom("loud");
  const { lookup, ...book } = vectorBook(random, 2, 40);
  const loud = { ...book, lookup: { ...lookup!, step: 2 ** 60 } };
  const options = streamOptions(random, { codebooks: [heightBook, oneClass, loud] });
  const packets = makePackets(options, random, [1, 1, 1]).map(({ bytes }) => bytes);
  await assertFails(decode(buildVorbis(options, packets)), {
    name: "DecodeError",
    expected: /finite samples of at most/,
  });
  const silent = packets.map((bytes) => bytes.slice(0, 1));
  assert((await decode(buildVorbis(options, silent))).every((x) => x === 0));
});

/** A setup that is refused: the change to a sound stream, and what the message says of it. */
const refused: Readonly<
  Record<string, { change: Partial<VorbisOptions>; expected: RegExp; seen: RegExp }>
> = {};
const sound = streamOptions(createRandom("refused"));

function withBook(book: CodebookOptions): Partial<VorbisOptions> {
  return { codebooks: [...sound.codebooks, book] };
}

function withResidue(change: Partial<ResidueOptions>): Partial<VorbisOptions> {
  return { residues: [{ ...plainResidue, ...change }] };
}

Object.assign(refused, {
  "more codewords than there can be": {
    change: withBook({ dimensions: 1, lengths: [1, 2, 2, 2] }),
    expected: /codewords for all its entries/,
    seen: /more entries/,
  },
  "fewer codewords than there must be": {
    change: withBook({ dimensions: 1, lengths: [1, 2] }),
    expected: /entry for every codeword/,
    seen: /fewer entries/,
  },
  "one codeword of two bits": {
    change: withBook({ dimensions: 1, lengths: [2] }),
    expected: /entry for every codeword/,
    seen: /fewer entries/,
  },
  "a book without dimensions": {
    change: withBook({ dimensions: 0, lengths: [1] }),
    expected: /a codebook/,
    seen: /none/,
  },
  "a book without entries": {
    change: withBook({ dimensions: 1, lengths: [] }),
    expected: /a codebook/,
    seen: /none/,
  },
  "vectors of type 3": {
    change: withBook({
      dimensions: 1,
      lengths: [1],
      lookup: { type: 3, values: [], valueBits: 1 },
    }),
    expected: /type 1 or 2/,
    seen: /another/,
  },
  "vectors larger than the memory": {
    change: withBook({
      dimensions: 65535,
      lengths: Array(256).fill(8),
      lookup: { type: 1, values: [0], valueBits: 1 },
    }),
    expected: /at most 16 MiB/,
    seen: /more/,
  },
  "a floor's book that is missing": {
    change: { floors: [{ ...plainFloor, xs: [5], book: 7 }] },
    expected: /a floor/,
    seen: /not valid/,
  },
  "a floor with two points at one place": {
    change: { floors: [{ ...plainFloor, xs: [5, 9, 5] }] },
    expected: /another place/,
    seen: /same/,
  },
  "a floor of type 0 without an order": {
    change: {
      floors: [{ order: 0, rateHz: 8000, mapSize: 64, amplitudeBits: 8, rangeDb: 100, book: 2 }],
    },
    expected: /a floor/,
    seen: /not valid/,
  },
  "a residue of type 3": {
    change: withResidue({ type: 3 }),
    expected: /residue of type 0, 1 or 2/,
    seen: /none of them/,
  },
  "a residue whose classes' book is missing": {
    change: withResidue({ classBook: 9 }),
    expected: /residue/,
    seen: /not valid/,
  },
  "a residue whose book has no vectors": {
    change: withResidue({ classes: [[0]] }),
    expected: /residue/,
    seen: /not valid/,
  },
  "a residue with more classes than its book can name": {
    change: withResidue({ classes: [[2], [2]] }),
    expected: /residue/,
    seen: /not valid/,
  },
  "a mapping to a floor that is missing": {
    change: { mappings: [{ floor: 1, residue: 0 }] },
    expected: /mapping/,
    seen: /is not/,
  },
  "a mapping to a residue that is missing": {
    change: { mappings: [{ floor: 0, residue: 1 }] },
    expected: /mapping/,
    seen: /is not/,
  },
  "a channel coupled with itself": {
    change: { numChannels: 2, mappings: [{ floor: 0, residue: 0, steps: [[1, 1]] }] },
    expected: /mapping/,
    seen: /is not/,
  },
  "a mode of a mapping that is missing": {
    change: { modes: [{ isLong: true, mapping: 1 }] },
    expected: /mode/,
    seen: /is not/,
  },
  "long blocks shorter than short ones": {
    change: { blockSizes: [256, 128] },
    expected: /short ones first/,
    seen: /256, 128/,
  },
  "blocks of 16,384 samples": {
    change: { blockSizes: [256, 16384] },
    expected: /64 to 8192/,
    seen: /16384/,
  },
});

for (const [name, { change, expected, seen }] of Object.entries(refused)) {
  Deno.test(`refused: ${name}`, async () => {
    const error = await decode(buildVorbis({ ...sound, ...change }, [])).catch((error) => error);
    assert(error instanceof DecodeError, `${error}`);
    assertMatch(error.expected, expected);
    assertMatch(error.seen, seen);
  });
}

Deno.test("a setup that is cut anywhere, or lacks its last bit, is refused", async () => {
  const setup = buildSetup(sound);
  for (let length = 7; length < setup.length; length += 3) {
    const file = buildVorbis(sound, [], setup.slice(0, length));
    await assertFails(decode(file), { name: "DecodeError", seen: /cut short/ }, `${length}`);
  }
  setup[setup.length - 1] = 0;
  await assertFails(decode(buildVorbis(sound, [], setup)), {
    name: "DecodeError",
    expected: /framing bit/,
  });
});
