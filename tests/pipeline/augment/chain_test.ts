/** Chains: each transform by its own probability, in a fixed order, equal to one after the other. */
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  applyAugmentation,
  type AugmentationDraw,
  type ChainDraw,
  chainOrder,
  describeDraw,
  drawAugmentation,
  parsePolicy,
  type TransformDraw,
} from "../../../pipeline/augment/augment.ts";
import { transforms } from "../../../pipeline/augment/transforms.ts";
import { loadDsp } from "../../../pipeline/dsp/dsp.ts";
import { fitLength } from "../../../pipeline/fit_length.ts";
import { createRandom } from "../../../pipeline/random.ts";
import { assertFails } from "../../assert_failure.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { mix, noise } from "../dsp/signals.ts";

const context = { sampleRateHz: 22050, dsp: await loadDsp(), background: noise(3000, 9) };
const everyKind = `chain:${chainOrder.join(",")}`;

function drawChains(text: string, count: number): ChainDraw[] {
  const policy = parsePolicy(text);
  return Array.from({ length: count }, (_, i) => {
    const draw = drawAugmentation(policy, createRandom("chain", i));
    assert(draw.kind === "chain");
    return draw;
  });
}

const has = (kind: string) => ({ draws }: ChainDraw) => draws.some((draw) => draw.kind === kind);

Deno.test("each of a chain is drawn by its own probability, whatever else is drawn", () => {
  const chains = drawChains(
    "chain:gain=0.3, white-noise=0.8,reverb=0 ,time-shift=1,speed-change",
    4000,
  );
  for (
    const [kind, share] of Object.entries({
      "gain": 0.3,
      "white-noise": 0.8,
      "reverb": 0,
      "time-shift": 1,
      "speed-change": 0.5,
      "pitch-shift": 0,
    })
  ) {
    const count = chains.filter(has(kind)).length,
      deviation = Math.sqrt(4000 * share * (1 - share));
    assert(Math.abs(count - 4000 * share) <= 5 * deviation, `${kind}: ${count} of 4000`);
  }
  const both = chains.filter((chain) => has("gain")(chain) && has("white-noise")(chain)).length;
  assert(Math.abs(both - 960) < 135, `${both} of 4000 have both`); // five sigma
});

Deno.test("a chain's order is its own, and has a place for every transform", () => {
  assertEquals([...chainOrder, "none"].sort(), Object.keys(transforms).sort());
  const [one] = drawChains("chain:white-noise=1,reverb=1,speed-change=1", 1);
  const [other] = drawChains("chain:speed-change=1,white-noise=1,reverb=1", 1);
  assertEquals(one, other);
  assertEquals(one.draws.map(({ kind }) => kind), ["speed-change", "reverb", "white-noise"]);
});

Deno.test("an empty chain gives the clip itself", () => {
  const samples = mix(100);
  const [chain] = drawChains("chain:gain=1e-12", 1);
  assertEquals(chain, { kind: "chain", draws: [] });
  assertStrictEquals(applyAugmentation(chain, samples, context), samples);
  assertStrictEquals(describeDraw(chain), "none");
});

Deno.test("a chain is one transform after the other, each of the clip's length; applied again from JSON it gives the same bits", () => {
  const samples = mix(4000), numDraws = new Set<number>();
  for (const chain of drawChains(everyKind, 40)) {
    let expected = samples;
    for (const [i, draw] of chain.draws.entries()) {
      const changed = applyAugmentation(draw, expected, context);
      expected = i === chain.draws.length - 1 ? changed : fitLength(changed, 4000);
    }
    const again: AugmentationDraw = JSON.parse(JSON.stringify(chain));
    assertSameBits(applyAugmentation(chain, samples, context), expected, JSON.stringify(chain));
    for (const length of [0, 1999, 4000, 9000]) {
      if (chain.draws.length === 0) continue;
      const out = new Float32Array(length).fill(NaN);
      const changed = applyAugmentation(again, samples, { ...context, out });
      assertSameBits(changed, expected.subarray(0, length), `${JSON.stringify(chain)}, ${length}`);
      assertStrictEquals(changed.buffer, out.buffer);
      assert(out.subarray(changed.length).every(Number.isNaN));
    }
    numDraws.add(chain.draws.length);
  }
  assertSameBits(samples, mix(4000));
  assert(numDraws.size > 4, `chains of ${[...numDraws]} transforms`);
});

Deno.test("a chain leaves silence silent, and is described in its order", () => {
  const silence = new Float32Array(3000);
  for (const chain of drawChains(everyKind.replaceAll(",", "=1,"), 3)) {
    const changed = applyAugmentation(chain, silence, context);
    assert(changed.every((sample) => sample === 0), JSON.stringify(chain));
  }
  const draws: TransformDraw[] = [{ kind: "pitch-shift", semitones: 1 }, {
    kind: "gain",
    gainDb: 2,
  }];
  const words = "pitch shift +1.0 semitones, then gain +2.0 dB";
  assertStrictEquals(describeDraw({ kind: "chain", draws }), words);
});

Deno.test("a chain's text that cannot be read is refused with the rule and what was there", () => {
  const refused: [text: string, message: RegExp][] = [
    ["chain:", /one of them must have a probability above 0: current value is "chain:"$/],
    ["chain:gain=0", /one of them must have a probability above 0/],
    ["chain:gain=1.5", /probability of gain must be a number from 0 to 1: current value is 1.5$/],
    ["chain:gain,none", /another one of speed-change, .*, white-noise: current value is none$/],
    ["chain:gain,gain=0.1", /must be another one of .*: current value is gain twice$/],
    ["chain:echo", /kind must be one of .*: current value is echo$/],
    ["chain", /kind must be one of .*: current value is chain$/],
    ["gain,chain:reverb", /kind must be one of .*: current value is chain$/],
  ];
  for (const [text, message] of refused) {
    assertFails(() => parsePolicy(text), { name: "RangeError", message });
  }
});
