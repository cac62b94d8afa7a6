/** Sound that comes as time goes by: what is heard in it, however it comes, and when its reader is slow. */
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { unknownBytes, wavHeader } from "../../../pipeline/encode_wav.ts";
import { createWindowing } from "../../../pipeline/windows.ts";
import { type Labeller, openLabeller } from "../../../run/prediction/labeller.ts";
import { type HeardWindow, listen, type ListenOptions } from "../../../run/prediction/listen.ts";
import { assertFails } from "../../assert_failure.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { encodeWav, recordingAt, withFolder } from "../../fixtures.ts";
import { noise } from "../../pipeline/dsp/signals.ts";
import { createUntrainedModel, frontEnd, machine } from "../untrained_model.ts";

const windowing = createWindowing(frontEnd, { hopSeconds: 0.2 });
const samples = noise(Math.round(8000 * 2.3)), file = encodeWav(samples, 8000);
const streamed = wavHeader({ formatTag: 1, sampleBytes: 2, sampleRateHz: 8000 }, unknownBytes);

async function withLabeller(test: (labeller: Labeller) => Promise<void>): Promise<void> {
  const labeller = await openLabeller(await createUntrainedModel(1), machine);
  try {
    await test(labeller);
  } finally {
    await labeller.close();
  }
}

const listenTo = (
  labeller: Labeller,
  bytes: ReadableStream<Uint8Array>,
  more?: Partial<ListenOptions>,
) => listen(labeller, "a pipe", bytes, { windowing, ...more });

/** Bytes in pieces of some length, with a pause before each. */
async function* inPieces(
  bytes: Uint8Array,
  length: number,
  pauseMs = 0,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) {
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    yield bytes.slice(at, at + length);
  }
}

const withoutTimes = ({ startSeconds, endSeconds, probabilities }: HeardWindow) => ({
  ...{ startSeconds, endSeconds, probabilities: [...probabilities!] },
});

Deno.test("what is heard is what a file with the sound says, bit for bit, however it comes", () =>
  withFolder((dir) =>
    withLabeller(async (labeller) => {
      await Deno.writeFile(`${dir}/a.wav`, file);
      const rows = await Array.fromAsync(
        labeller.labelWindows([recordingAt(`${dir}/a.wav`)], windowing),
      );
      const endless = new Uint8Array([...streamed, ...file.subarray(44)]);
      const inMiddle = new Uint8Array([...endless, 1]); // of a sample
      const sounds = [
        ...[inPieces(file, 1e9), inPieces(file, 777), inPieces(endless, 1001)],
        ...[inPieces(inMiddle, 50), inPieces(endless, 9000, 60)],
      ];
      for (const sound of sounds) {
        const heard = await Array.fromAsync(listenTo(labeller, ReadableStream.from(sound)));
        assertEquals(
          heard.map(({ startSeconds }) => startSeconds),
          rows.map((_, i) => i * 4410 / 22050),
        );
        assertStrictEquals(heard.at(-1)!.endSeconds, 2.3);
        assertSameBits(
          heard.map((window) => withoutTimes(window).probabilities),
          rows.map(({ probabilities }) => [...probabilities!]),
        );
        assert(heard.every(({ dropped, latencySeconds }) => dropped === 0 && latencySeconds >= 0));
      }
    })
  ));

Deno.test("a window is answered before the next one comes; who leaves waits for nothing", () =>
  withLabeller(async (labeller) => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const heard = listenTo(labeller, readable);
    const first = heard.next();
    await writer.write(file.subarray(0, 44 + 2 * 4000 + 4096)); // a window, and what is read ahead
    assertStrictEquals((await first).value!.startSeconds, 0);
    await heard.return(undefined); // nothing more comes, and the pipe is still open

    const abort = new AbortController();
    const stalled = listenTo(labeller, new ReadableStream(), { signal: abort.signal });
    const answer = stalled.next();
    abort.abort(new Error("enough"));
    await assertFails(answer, /enough|expected a WAV file's beginning/);
  }));

Deno.test("a slow reader slows the source; live, the oldest windows are dropped and counted", () =>
  withLabeller(async (labeller) => {
    const numWindows = 41, piece = new Uint8Array(2 * 1600); // a hop of sound; the last window is not full
    let numTaken = 0;
    async function* source() {
      yield streamed;
      for (let i = 0; i < numWindows + 1; i++) {
        numTaken++;
        yield piece;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
    const patient = listenTo(labeller, ReadableStream.from(source()));
    await patient.next();
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert(numTaken < 25, `${numTaken} taken`);
    const { value } = await patient.next();
    assertStrictEquals(value!.startSeconds, 4410 / 22050);
    await patient.return(undefined);

    numTaken = 0;
    const live = listenTo(labeller, ReadableStream.from(source()), { live: true });
    const heard: HeardWindow[] = [(await live.next()).value!];
    while (numTaken < numWindows + 1) await new Promise((resolve) => setTimeout(resolve, 10));
    for await (const window of live) heard.push(window);
    const dropped = heard.reduce((sum, window) => sum + window.dropped, 0);
    assert(dropped > 0);
    assertStrictEquals(heard.length + dropped, numWindows);
    assertStrictEquals(heard.at(-1)!.startSeconds, (numWindows - 1) * 4410 / 22050);
  }));

Deno.test("what is no WAV is refused in one line, and so is what looks for the end", () =>
  withLabeller(async (labeller) => {
    const refused = async (bytes: Uint8Array, pattern: RegExp) => {
      let isLeft = false;
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>({
        cancel: () => void (isLeft = true),
      });
      const writer = writable.getWriter();
      writer.write(bytes).catch(() => {});
      if (bytes.length < 4) writer.close(); // of the others nobody knows whether more would come
      await assertFails(Array.fromAsync(listenTo(labeller, readable)), pattern);
      assert(isLeft || bytes.length < 4, "who sends is told that nobody listens");
    };
    await refused(new TextEncoder().encode("OggS…"), /a pipe at byte 0: .*ffmpeg .* saw .*OggS/);
    await refused(new Uint8Array(), /a pipe at byte 0: .* saw the end/);
    await refused(
      Uint8Array.of(...file.subarray(0, 20), 9, 9, ...file.subarray(22)),
      /a pipe at byte/,
    );
  }));
