import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { decode } from "../../deps/fast_png.ts";
import { decodeSource } from "../../pipeline/decode/decode.ts";
import { bytesSource } from "../../pipeline/locations/byte_source.ts";
import { loadDsp } from "../../pipeline/dsp/dsp.ts";
import { defaultFrontEnd, numFrames } from "../../pipeline/front_end.ts";
import { envelope, spectrogram, spectrogramImage, waveform } from "../../report/clip_figures.ts";
import { hearRecording } from "../../report/heard_clip.ts";
import { bandOf, hzToMel, tickFrequencies } from "../../report/mel_axis.ts";
import { encodeWav } from "../../pipeline/encode_wav.ts";
import { player } from "../../report/sound.ts";
import { assertSameBits } from "../assert_same_bits.ts";
import { recordingAt, withFolder, writeTone } from "../fixtures.ts";
import { featuresOf, requestFor, run } from "../pipeline/run_graph.ts";

const frontEnd = defaultFrontEnd;

function tone(hz: number, sampleRateHz: number, seconds: number): Float32Array {
  return Float32Array.from(
    { length: sampleRateHz * seconds },
    (_, i) => 0.5 * Math.sin(2 * Math.PI * hz * i / sampleRateHz),
  );
}

Deno.test("mels are librosa's", () => {
  // librosa.hz_to_mel([110, 1000, 8000]) and with htk=True
  const expected = [[110, 1.65, 164.5], [1000, 15, 999.9855], [8000, 45.245640, 2840.0230]];
  for (const [hz, slaney, htk] of expected) {
    assert(Math.abs(hzToMel(hz, "slaney") - slaney) < 1e-5);
    assert(Math.abs(hzToMel(hz, "htk") - htk) < 0.05, `${hzToMel(hz, "htk")}`);
  }
});

Deno.test("a tone is loudest in the band where the axis has its frequency", async () => {
  const dsp = await loadDsp();
  const others = [frontEnd, { ...frontEnd, melScale: "htk", minHz: 50, maxHz: 9000 } as const];
  for (const of of others) {
    for (const hz of [500, 1000, 3000, 8000]) {
      const features = new Float32Array(of.melBands * numFrames(of));
      dsp.createLogMel(of).compute(tone(hz, 22050, 5), features);
      const column = Array.from({ length: 128 }, (_, band) => features[band * 216 + 100]);
      const loudest = column.indexOf(Math.max(...column));
      assert(Math.abs(loudest - bandOf(hz, of)) <= 1, `${hz} Hz: ${loudest}`);
    }
  }
});

Deno.test("ticks lie within the bands, apart from each other", () => {
  assertEquals(tickFrequencies(frontEnd), [125, 500, 1000, 2000, 4000, 8000]);
  for (const like of [{ ...frontEnd, minHz: 900, maxHz: 3000, melBands: 20 }, frontEnd]) {
    const bands = tickFrequencies(like).map((hz) => bandOf(hz, like));
    assert(bands.length > 0 && bands.every((band) => band >= 0 && band <= like.melBands - 1));
    assert(bands.every((band, i) => i === 0 || band - bands[i - 1] >= like.melBands / 9));
  }
});

Deno.test("the picture: low bands at the bottom, time to the right, 0 dB brightest", () => {
  const features = new Float32Array(128 * 216).fill(-80);
  features[0 * 216 + 3] = 0; // lowest band, fourth frame
  features[127 * 216 + 5] = NaN; // no number is as dark as nothing
  const [head, data] = spectrogramImage(features, frontEnd).split(",");
  assertStrictEquals(head, "data:image/png;base64");
  const png = decode(Buffer.from(data, "base64"));
  assertEquals([png.width, png.height, png.palette?.length], [216, 128, 256]);
  const bright = Array.from(png.data.entries()).filter(([, value]) => value !== 0);
  assertEquals(bright, [[127 * 216 + 3, 255]]);
  assertEquals(png.palette![255].slice(0, 3), [252, 253, 191]); // magma's last colour
  assertEquals(png.palette![0].slice(0, 3), [0, 0, 4]);
});

Deno.test("figures have axes in seconds, Hz and full scale", () => {
  const size = { width: 320, height: 190 };
  const picture = spectrogram(new Float32Array(128 * 216), frontEnd, size).text;
  for (const tick of ["0\u202fs", "5\u202fs", "125\u202fHz", "1\u202fkHz", "8\u202fkHz"]) {
    assert(picture.includes(`>${tick}<`), tick);
  }
  const line = waveform(tone(3, 22050, 5), 22050, 0.5, size).text;
  for (const tick of ["0\u202fs", "5\u202fs", "0.0", "−0.5"]) {
    assert(line.includes(`>${tick}<`), tick);
  }
});

Deno.test("the envelope holds every sample once", () => {
  const samples = Float32Array.from({ length: 1003 }, (_, i) => i);
  const columns = envelope(samples, 10);
  assertStrictEquals(columns[0].low, 0);
  assertStrictEquals(columns[9].high, 1002);
  columns.slice(1).forEach(({ low }, i) => assertStrictEquals(low, columns[i].high + 1));
});

Deno.test("a player plays the samples, without the silence at their end", async () => {
  const samples = tone(440, 8000, 0.1);
  samples[5] = 2; // beyond full scale
  const decoded = await decodeSource(bytesSource("a", encodeWav(samples, 8000)));
  assertStrictEquals(decoded.sampleRateHz, 8000);
  assertStrictEquals(decoded.samples.length, samples.length);
  decoded.samples.forEach((x, i) => assert(Math.abs(x - Math.min(1, samples[i])) < 1e-4));

  const padded = new Float32Array(40000);
  padded.set(samples);
  const [, data] = /^<audio [^>]*src="data:audio\/wav;base64,([^"]*)"><\/audio>$/
    .exec(player(padded, 8000).text)!;
  assertStrictEquals(Buffer.from(data, "base64").length, 44 + 2 * samples.length);
  assertMatch(player(new Float32Array(10), 8000).text, /silence/);
});

Deno.test("a clip is heard as the feature graph hears it", () =>
  withFolder(async (dir) => {
    const dsp = await loadDsp();
    for (const seconds of [0.3, 7]) {
      const path = `${dir}/${seconds}.wav`;
      await writeTone(path, 440, seconds, { sampleRateHz: 16000, seconds });
      const [result] = await run({ frontEnd, seed: 1 }, [requestFor(path)]);
      const { features } = await hearRecording(recordingAt(path), frontEnd, dsp);
      assertSameBits(features, featuresOf(result));
    }
  }));
