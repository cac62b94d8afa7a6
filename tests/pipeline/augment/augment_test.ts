/** Policies and draws: what is drawn how often, read from text, kept by JSON, and applied again. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import {
  applyAugmentation,
  type AugmentationDraw,
  type AugmentPolicy,
  backgroundIndex,
  defaultPolicy,
  describeDraw,
  drawAugmentation,
  drawCropStart,
  parsePolicy,
} from "../../../pipeline/augment/augment.ts";
import { loadDsp } from "../../../pipeline/dsp/dsp.ts";
import { createRandom } from "../../../pipeline/random.ts";
import { assertFails } from "../../assert_failure.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { mix, noise } from "../dsp/signals.ts";

const context = { sampleRateHz: 22050, dsp: await loadDsp(), background: noise(3000, 9) };
const everyKind =
  "white-noise,pitch-shift,speed-change,time-shift,reverb,gain,background-noise,equalise,none";

function drawMany(policy: AugmentPolicy, count: number): AugmentationDraw[] {
  return Array.from({ length: count }, (_, i) => drawAugmentation(policy, createRandom(1, i)));
}

function countKinds(draws: AugmentationDraw[]): Partial<Record<AugmentationDraw["kind"], number>> {
  const counts: Partial<Record<AugmentationDraw["kind"], number>> = {};
  for (const { kind } of draws) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

Deno.test("the default policy draws one of the recipe's six, each as often", () => {
  const count = 12_000, counts = countKinds(drawMany(defaultPolicy, count));
  const six = ["white-noise", "pitch-shift", "speed-change", "time-shift", "reverb", "none"];
  assertEquals(Object.keys(counts).sort(), six.sort());
  for (const [kind, seen] of Object.entries(counts)) {
    assert(Math.abs(seen - count / 6) < 200, `${kind}: ${seen} of ${count}`); // five sigma
  }
});

Deno.test("weights set the chances; a weight of 0 is never drawn", () => {
  const count = 10_000;
  const counts = countKinds(
    drawMany(parsePolicy("gain=3, none=0.5 ,reverb=0,time-shift=1.5"), count),
  );
  assertStrictEquals(counts.reverb, undefined);
  for (const [kind, share] of [["gain", 0.6], ["none", 0.1], ["time-shift", 0.3]] as const) {
    assert(Math.abs((counts[kind] ?? 0) - share * count) < 250, `${kind}: ${counts[kind]}`);
  }
});

Deno.test("the same key draws the same, another key something else", () => {
  const draw = (...key: (string | number)[]) =>
    drawAugmentation(defaultPolicy, createRandom(...key));
  assertEquals(draw(1, 2, "a.wav", 1, "augment"), draw(1, 2, "a.wav", 1, "augment"));
  const others = new Set(
    Array.from({ length: 20 }, (_, epoch) => JSON.stringify(draw(1, epoch, "a.wav", 1, "augment"))),
  );
  assert(others.size > 10, `${others.size} different draws in 20 epochs`);
});

Deno.test("every draw survives JSON, is described in words, and applied again gives the same bits without changing its input", () => {
  const samples = mix(4000), kinds = new Set<string>();
  for (const draw of drawMany(parsePolicy(everyKind), 80)) {
    kinds.add(draw.kind);
    const changed = applyAugmentation(draw, samples, context);
    const again = applyAugmentation(JSON.parse(JSON.stringify(draw)), samples, context);
    assertSameBits(changed, again, JSON.stringify(draw));
    assert(changed.every(Number.isFinite));
    if (draw.kind !== "speed-change") assertStrictEquals(changed.length, samples.length);
    if (draw.kind !== "none") assertNotEquals(changed, samples, JSON.stringify(draw));
    assertMatch(describeDraw(draw), /^[a-z]/);
  }
  assertSameBits(samples, mix(4000));
  assertStrictEquals(kinds.size, 9);
});

Deno.test("a draw is applied into the context's room, as much as there is room for", () => {
  const samples = mix(4000);
  for (const draw of drawMany(parsePolicy(everyKind), 80)) {
    const whole = applyAugmentation(draw, samples, context);
    if (draw.kind === "none") continue;
    for (const length of [0, 1, 1999, 4000, 9000]) {
      const out = new Float32Array(length).fill(NaN);
      const changed = applyAugmentation(draw, samples, { ...context, out });
      assertSameBits(changed, whole.subarray(0, length), `${JSON.stringify(draw)}, ${length}`);
      assertStrictEquals(changed.buffer, out.buffer);
      assertStrictEquals(changed.byteOffset, 0);
      assert(out.subarray(changed.length).every(Number.isNaN));
    }
  }
});

Deno.test("draws are described with their parameters", () => {
  const described: [AugmentationDraw, string][] = [
    [{ kind: "pitch-shift", semitones: 1.72 }, "pitch shift +1.7 semitones"],
    [{ kind: "gain", gainDb: -3.05 }, "gain −3.0 dB"],
    [{ kind: "white-noise", snrDb: 17.34, noiseSeed: 5 }, "white noise at 17.3 dB SNR"],
    [{ kind: "speed-change", rate: 1.119 }, "speed × 1.12"],
    [
      { kind: "time-shift", fraction: -0.25, fill: "silence" },
      "time shift −25.0 % of the clip, filled with silence",
    ],
    [
      { kind: "reverb", rt60Seconds: 0.35, wetMix: 0.24, noiseSeed: 1 },
      "reverb with RT60 0.35 s, 24 % wet",
    ],
    [{ kind: "equalise", gainsDb: [1.5, -3, 0] }, "equaliser from −3.0 to +1.5 dB"],
    [{ kind: "none" }, "none"],
  ];
  for (const [draw, words] of described) assertStrictEquals(describeDraw(draw), words);
});

Deno.test("a policy's text sets ranges and words; what is drawn keeps to them", () => {
  const policy = parsePolicy(
    "pitch-shift=2:semitones=-1..0.5,time-shift:fraction=0.25:fill=silence",
  );
  assertEquals(policy, {
    choices: [
      { kind: "pitch-shift", weight: 2, settings: { semitones: [-1, 0.5] } },
      { kind: "time-shift", weight: 1, settings: { fraction: [0.25, 0.25], fill: "silence" } },
    ],
  });
  assertEquals(structuredClone(policy), policy, "a policy can be sent to a worker");
  for (const draw of drawMany(policy, 200)) {
    if (draw.kind === "pitch-shift") assert(draw.semitones >= -1 && draw.semitones < 0.5);
    else assertEquals(draw, { kind: "time-shift", fraction: 0.25, fill: "silence" });
  }
});

Deno.test("a policy's text that cannot be read is refused with the rule and what was there", () => {
  const refused: [text: string, message: RegExp][] = [
    ["echo", /kind must be one of white-noise, pitch-shift, .*, none: current value is echo$/],
    ["toString", /kind must be one of .*: current value is toString$/],
    ["reverb=-1", /weight of reverb must be a number from 0: current value is -1$/],
    ["reverb=much", /weight of reverb must be a number from 0: current value is much$/],
    ["reverb=", /weight of reverb must be a number from 0: current value is $/],
    ["", /one of them must have a weight above 0: current value is ""$/],
    ["none=0", /one of them must have a weight above 0: current value is "none=0"$/],
    ["gain:db=3", /settings of gain must be one of gainDb: current value is db$/],
    ["none:db=3", /settings of none must be one of none: current value is db$/],
    ["gain:gainDb", /gainDb of gain must be LOW..HIGH within -120..120: current value is $/],
    ["gain:gainDb=3..1", /LOW..HIGH within -120..120: current value is 3..1$/],
    ["gain:gainDb=1..2..3", /LOW..HIGH within -120..120: current value is 1..2..3$/],
    [
      "speed-change:rate=0..1",
      /rate of speed-change must be .* within 0.0625..16: current value is 0..1$/,
    ],
    [
      "time-shift:fill=noise",
      /fill of time-shift must be wrap or silence: current value is noise$/,
    ],
  ];
  for (const [text, message] of refused) {
    assertFails(() => parsePolicy(text), { name: "RangeError", message });
  }
});

Deno.test("parsing a policy ends in a policy that draws or in a RangeError, whatever the text", () => {
  const piece = fc.constantFrom(
    "chain",
    "gain",
    "reverb",
    "none",
    "=",
    ":",
    "..",
    ",",
    "-",
    "1",
    "0.5",
    " ",
    "x",
    "rate",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")), (text) => {
      try {
        drawAugmentation(parsePolicy(text), createRandom(text));
      } catch (error) {
        assert(error instanceof RangeError, `${error}`);
        assertMatch(error.message, /^Cannot .* must .*: current value is /s);
      }
    }),
    { numRuns: 500, seed: 1 },
  );
});

Deno.test("a draw of unknown kind is refused, and background noise without a background", () => {
  const draw = { kind: "echo" } as unknown as AugmentationDraw;
  assertFails(() => applyAugmentation(draw, mix(10), context), {
    name: "RangeError",
    message: /kind must be one of .*: current value is echo$/,
  });
  assertThrows(() => drawAugmentation({ choices: [] }, createRandom(1)), RangeError);
  const background: AugmentationDraw = {
    kind: "background-noise",
    snrDb: 10,
    choice: 0,
    offset: 0,
  };
  const { dsp, sampleRateHz } = context;
  for (const missing of [undefined, new Float32Array(0)]) {
    assertFails(
      () => applyAugmentation(background, mix(10), { dsp, sampleRateHz, background: missing }),
      { name: "TypeError", message: /must hold samples of a background clip/ },
    );
  }
});

Deno.test("background draws choose every recording as often", () => {
  const counts = [0, 0, 0];
  for (const draw of drawMany(parsePolicy("background-noise"), 3000)) {
    if (draw.kind === "background-noise") counts[backgroundIndex(draw, 3)]++;
  }
  for (const count of counts) assert(Math.abs(count - 1000) < 130, `${counts}`);
});

Deno.test("a crop lies wholly within its recording, anywhere in it", () => {
  let least = Infinity, most = 0;
  for (let i = 0; i < 500; i++) {
    const start = drawCropStart(12, 5, createRandom("crop", i));
    assert(start >= 0 && start + 5 <= 12);
    least = Math.min(least, start);
    most = Math.max(most, start);
  }
  assert(least < 0.1 && most > 6.9, `${least} to ${most}`);
  for (const total of [5, 3, 0, undefined]) {
    assertStrictEquals(drawCropStart(total, 5, createRandom(1)), 0);
  }
});
