import { assert, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { DecodeError } from "../../../pipeline/decode/audio.ts";
import { bytesSource } from "../../../pipeline/locations/byte_source.ts";
import { decodeSource } from "../../../pipeline/decode/decode.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { ascii, buildWav, countingSource, int16Bytes, type WavOptions } from "./wav_files.ts";

/** Decodes a file made to order; samples in units of 16-bit PCM. */
async function decode(options: WavOptions | Uint8Array) {
  const bytes = options instanceof Uint8Array ? options : buildWav(options);
  const decoded = await decodeSource(bytesSource("made.wav", bytes));
  return { ...decoded, integers: [...decoded.samples].map((x) => x * 32768) };
}

const values = [100, -200, 300, -400];
const odd = { id: "odd ", bytes: Uint8Array.from([1, 2, 3]) };

const layouts: Readonly<Record<string, WavOptions>> = {
  "plain": {},
  "big-endian": { form: "RIFX" },
  "extensible": { subFormat: 1 },
  "samples before their format": { chunks: ["data", "fmt "] },
  "other chunks all around": {
    chunks: [{ id: "LIST", bytes: new Uint8Array(26) }, "fmt ", {
      id: "fact",
      bytes: new Uint8Array(4),
    }, "data"],
  },
  "odd chunks, padded": { chunks: [odd, "fmt ", odd, "data", odd] },
  "odd chunks, not padded": { chunks: [odd, "fmt ", odd, "data", odd], padded: false },
  "length 0 of a stream": { claimedBytes: 0 },
  "length 0xFFFFFFFF of a stream": { claimedBytes: 0xffff_ffff },
  "a length longer than the file": { claimedBytes: 4_000_000_000 },
  "RF64": {
    form: "RF64",
    chunks: ["ds64", "fmt ", "data"],
    claimedBytes: 0xffff_ffff,
    longBytes: 8,
  },
  "BW64": {
    form: "BW64",
    chunks: ["ds64", "fmt ", "data"],
    claimedBytes: 0xffff_ffff,
    longBytes: 8,
  },
  "RF64 without its long length": { form: "RF64", claimedBytes: 0xffff_ffff },
  "a block size of 0": { blockBytes: 0 },
};

for (const [name, options] of Object.entries(layouts)) {
  Deno.test(`WAV layout: ${name}`, async () => {
    const { integers, totalSeconds } = await decode(options);
    assertSameBits(integers, values);
    assertStrictEquals(totalSeconds, 4 / 8000);
  });
}

Deno.test("samples end where RF64's long length says, not where the file does", async () => {
  const { integers } = await decode({
    form: "RF64",
    chunks: ["ds64", "fmt ", "data"],
    claimedBytes: 0xffff_ffff,
    longBytes: 6,
  });
  assertSameBits(integers, values.slice(0, 3));
});

Deno.test("a file cut in the middle of a sample gives the whole ones", async () => {
  const { integers } = await decode(buildWav().slice(0, -1));
  assertSameBits(integers, values.slice(0, 3));
});

Deno.test("channels are averaged, from 1 to 32 of them and beyond", async () => {
  for (const numChannels of [1, 2, 3, 6, 32, 64]) {
    const frames = [1000, -2000].map((base) =>
      Array.from({ length: numChannels }, (_, channel) => base + 10 * channel)
    );
    const { integers } = await decode({ numChannels, data: int16Bytes(frames.flat()) });
    const means = [1000, -2000].map((base) => base + 5 * (numChannels - 1));
    integers.forEach((x, i) => assert(Math.abs(x - means[i]) < 1e-3, `${numChannels}: ${x}`));
  }
});

Deno.test("fewer bits than the room of a sample are left-justified in it", async () => {
  const { integers, format } = await decode({ bitsPerSample: 12, blockBytes: 2 });
  assertSameBits(integers, values);
  assertStrictEquals(format, "WAV PCM 16 bit");
  const data = new Uint8Array(8);
  new DataView(data.buffer).setInt32(0, 100 << 16, true);
  const wide = await decode({ bitsPerSample: 24, blockBytes: 4, data });
  assertSameBits(wide.integers, [100, 0]);
});

/** Headers that contradict themselves, and how many frames libsndfile reads (0: it refuses). */
const { rows: disagreements }: { rows: readonly (readonly number[])[] } = JSON.parse(
  Deno.readTextFileSync(new URL("../../vectors/decode/wav_disagreements.json", import.meta.url)),
);

Deno.test("where the fields of a header disagree it is read as by libsndfile, and that is said", async () => {
  const data = new Uint8Array(4800).fill(0x3e);
  for (
    const [tag, validBits, numChannels, bits, blockBytes, rateBytes, numFrames] of disagreements
  ) {
    const header = JSON.stringify({ tag, validBits, numChannels, bits, blockBytes, rateBytes });
    const decoding = decode({
      tag: validBits === null ? tag : undefined,
      subFormat: validBits === null ? undefined : tag,
      validBits: validBits ?? undefined,
      numChannels,
      bitsPerSample: bits,
      blockBytes,
      rateBytes,
      data,
    });
    if (numFrames === 0) {
      await assertRejects(() => decoding, DecodeError, "", header);
      continue;
    }
    const { samples, remark } = await decoding;
    const saidBytes = numChannels * (tag === 6 || tag === 7 ? 1 : Math.ceil(bits / 8));
    // Where two fields of three say so, 24 bits lie in four bytes; libsndfile reads three.
    const isWide = bits === 24 && blockBytes === 4 * numChannels && rateBytes === blockBytes;
    assertStrictEquals(samples.length, isWide ? 1200 / numChannels : numFrames, header);
    if (blockBytes === saidBytes) assertStrictEquals(remark, undefined, header);
    else {assertMatch(
        remark!,
        new RegExp(`^read as .* says ${bits} bits and .* ${blockBytes} bytes`),
      );}
    const sound = tag === 3 ? (bits === 32 ? 0.1857 : 7.1e-9) : undefined;
    if (sound) assert(Math.abs(samples[0] / sound - 1) < 0.01, header);
  }
});

Deno.test("a block size of twice the bits is read as mono of 16 bits, in all its length", async () => {
  const decoded = await decode({ blockBytes: 4, rateBytes: 2 });
  assertSameBits(decoded.integers, values);
  assertStrictEquals(
    decoded.remark,
    "read as 16 bit: its header says 16 bits and 1 channel, but 4 bytes a frame",
  );
});

Deno.test("any sample rate is taken, odd ones too", async () => {
  for (const sampleRateHz of [100, 11025, 44099, 384_000]) {
    assertStrictEquals((await decode({ sampleRateHz })).sampleRateHz, sampleRateHz);
  }
});

const float = (values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

for (const bad of [NaN, Infinity, -Infinity, 1e30]) {
  Deno.test(`a sample of ${bad} is refused, with its place`, async () => {
    const bytes = buildWav({ tag: 3, bitsPerSample: 32, data: float([0.5, -0.25, bad, 0.125]) });
    const error = await decode(bytes).catch((error) => error);
    assert(error instanceof DecodeError);
    assertStrictEquals(error.byteOffset, 44 + 8);
    assertMatch(error.seen, /at 2 samples from the start/);
    const before = await decodeSource(bytesSource("made.wav", bytes), {
      durationSeconds: 2 / 8000,
    });
    assertSameBits([...before.samples], [0.5, -0.25]);
  });
}

interface Malformed {
  readonly bytes: Uint8Array;
  readonly expected: RegExp;
  readonly seen: RegExp;
  readonly byteOffset?: number;
}

const gsm = buildWav({ tag: 0x31, bitsPerSample: 0, blockBytes: 65 });
const malformed: Readonly<Record<string, Malformed>> = {
  "an empty file": {
    bytes: new Uint8Array(),
    expected: /a sound file/,
    seen: /an empty file/,
    byteOffset: 0,
  },
  "a text": {
    bytes: Uint8Array.from(ascii("label,file\nbee,1.wav\n")),
    expected: /one of WAV/,
    seen: /begins with labe/,
    byteOffset: 0,
  },
  "four letters": {
    bytes: Uint8Array.from(ascii("RIFF")),
    expected: /the word WAVE/,
    seen: /end of the file/,
    byteOffset: 4, // the end
  },
  "another RIFF": {
    bytes: Uint8Array.from(ascii("RIFF\0\0\0\0AVI LIST")),
    expected: /the word WAVE/,
    seen: /AVI /,
    byteOffset: 8,
  },
  "no chunks": {
    bytes: buildWav({ chunks: [] }),
    expected: /`fmt ` chunk/,
    seen: /none/,
    byteOffset: 12,
  },
  "no samples": {
    bytes: buildWav({ chunks: ["fmt "] }),
    expected: /`data` chunk/,
    seen: /none/,
    byteOffset: 36,
  },
  "no format": {
    bytes: buildWav({ chunks: ["data"] }),
    expected: /`fmt ` chunk/,
    seen: /none/,
    byteOffset: 28,
  },
  "an empty data chunk": {
    bytes: buildWav({ data: new Uint8Array() }),
    expected: /at least one sample/,
    seen: /none/,
  },
  "a short format": {
    bytes: buildWav({ chunks: [{ id: "fmt ", bytes: new Uint8Array(14) }, "data"] }),
    expected: /at least 16 bytes/,
    seen: /14 bytes/,
    byteOffset: 20,
  },
  "no channels": {
    bytes: buildWav({ numChannels: 0, blockBytes: 2 }),
    expected: /1 to 256 channels/,
    seen: /^0$/,
    byteOffset: 20,
  },
  "65,535 channels": {
    bytes: buildWav({ numChannels: 65535, blockBytes: 2 }),
    expected: /1 to 256 channels/,
    seen: /65535/,
    byteOffset: 20,
  },
  "no sample rate": {
    bytes: buildWav({ sampleRateHz: 0 }),
    expected: /sample rate/,
    seen: /0 Hz/,
    byteOffset: 20,
  },
  "4 GHz": {
    bytes: buildWav({ sampleRateHz: 4_000_000_000 }),
    expected: /sample rate/,
    seen: /4000000000 Hz/,
    byteOffset: 20,
  },
  "no bits": {
    bytes: buildWav({ bitsPerSample: 0 }),
    expected: /PCM of 8, 16/,
    seen: /^0 bits of PCM/,
    byteOffset: 20,
  },
  "40 bits": {
    bytes: buildWav({ bitsPerSample: 40 }),
    expected: /PCM of 8, 16/,
    seen: /^40 bits of PCM/,
    byteOffset: 20,
  },
  "float of 16 bits": {
    bytes: buildWav({ tag: 3 }),
    expected: /float of 32 or 64/,
    seen: /^16 bits of float/,
    byteOffset: 20,
  },
  "GSM": {
    bytes: gsm,
    expected: /PCM of 8, 16/,
    seen: /GSM 6\.10: convert it with `ffmpeg/,
    byteOffset: 20,
  },
  "Microsoft ADPCM": {
    bytes: buildWav({ tag: 2, bitsPerSample: 4, blockBytes: 256 }),
    expected: /IMA ADPCM/,
    seen: /Microsoft ADPCM: convert/,
    byteOffset: 20,
  },
  "IMA ADPCM in blocks of 5 bytes": {
    bytes: buildWav({ tag: 0x11, bitsPerSample: 4, blockBytes: 5 }),
    expected: /blocks of a multiple of 4/,
    seen: /5 bytes/,
    byteOffset: 20,
  },
  "MP3 inside that is none": {
    bytes: buildWav({ tag: 0x55, bitsPerSample: 0, data: new Uint8Array(1000) }),
    expected: /frames of MPEG audio/,
    seen: /none/,
    byteOffset: 44,
  },
  "ever more empty chunks": {
    bytes: buildWav({ chunks: Array(5000).fill({ id: "junk", bytes: new Uint8Array() }) }),
    expected: /at most 4096 chunks/,
    seen: /more/,
    byteOffset: 12 + 8 * 4096,
  },
};

for (const [name, { bytes, expected, seen, byteOffset }] of Object.entries(malformed)) {
  Deno.test(`malformed WAV: ${name}`, async () => {
    const error = await decode(bytes).catch((error) => error);
    assert(error instanceof DecodeError, `${error}`);
    assertStrictEquals(error.path, "made.wav");
    assertMatch(error.expected, expected);
    assertMatch(error.seen, seen);
    assertStrictEquals(error.byteOffset, byteOffset);
  });
}

Deno.test("of a file of two hours only the header and the window are read", async () => {
  const seconds = 7200, sampleRateHz = 44100, dataBytes = seconds * sampleRateHz * 4;
  const head = buildWav({
    numChannels: 2,
    sampleRateHz,
    data: new Uint8Array(),
    claimedBytes: dataBytes,
  });
  const source = countingSource(head, head.length + dataBytes);
  const decoded = await decodeSource(source, { startSeconds: 5000, durationSeconds: 5 });
  assertStrictEquals(decoded.samples.length, 5 * sampleRateHz);
  assertStrictEquals(decoded.totalSeconds, seconds);
  assert(source.bytesRead <= 5 * sampleRateHz * 4 + 200_000, `${source.bytesRead} bytes`);
});

Deno.test("a header that claims 4 GB costs what the file has", async () => {
  const bytes = buildWav({ claimedBytes: 4_294_967_294 });
  const before = Deno.memoryUsage();
  const { samples } = await decode(bytes);
  const after = Deno.memoryUsage();
  assertStrictEquals(samples.length, 4);
  const grown = after.external + after.heapTotal - before.external - before.heapTotal;
  assert(grown < 50_000_000, `${grown} bytes`);
});
