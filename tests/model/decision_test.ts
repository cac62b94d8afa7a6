import { assertEquals, assertStrictEquals } from "@std/assert";
import { createConvNetwork } from "../../model/conv_network.ts";
import { Decision } from "../../model/decision.ts";
import type { ModelCard } from "../../model/model_card.ts";
import { assertFails } from "../assert_failure.ts";
import { createCard } from "./create_card.ts";

const classes = ["crow", "dog", "rain"];

function cardOf(activation: "softmax" | "sigmoid", more: Partial<ModelCard> = {}): ModelCard {
  const network = createConvNetwork({ melBands: 16, numFrames: 16, numClasses: 3, activation });
  return { ...createCard(network), classes, majorityLabel: "dog", ...more };
}

const scores = { temperature: 0.5, thresholds: [0.6, 0.3, 0.5], precision: null };
const backgroundClasses = ["rain"];

Deno.test("without options every clip has a class: the most probable, or those above one half", () => {
  const one = new Decision(cardOf("softmax", { scores }));
  assertEquals(one.labelsOf([0.2, 0.3, 0.5]), ["rain"]);
  const several = new Decision(cardOf("sigmoid", { scores }));
  assertEquals(several.labelsOf([0.51, 0.5, 0.9]), ["crow", "rain"]);
  assertEquals(several.labelsOf([0.1, 0.4, 0.2]), ["dog"], "never none");
  assertStrictEquals(one.fallback, "dog");
});

Deno.test("the model's temperature is applied, or not where raw probabilities are asked for", () => {
  const card = cardOf("softmax", { scores });
  const [a, b, c] = new Decision(card).scale([0.5, 0.25, 0.25]);
  assertEquals([a / b, a / c].map(Math.round), [4, 4]); // squares at temperature 1/2
  const raw = new Decision(card, { rawProbabilities: true }).scale([0.5, 0.25, 0.25]);
  assertEquals([...raw], [0.5, 0.25, 0.25]);
  assertEquals([...new Decision(cardOf("softmax")).scale([0.5, 0.5, 0])], [0.5, 0.5, 0]);
});

Deno.test("with a label for unknown clips a class must reach its threshold", () => {
  const one = new Decision(cardOf("softmax", { scores }), { unknown: "?" });
  assertEquals(one.labelsOf([0.59, 0.2, 0.21]), ["?"]);
  assertEquals(one.labelsOf([0.6, 0.2, 0.2]), ["crow"]);
  assertEquals(one.labelsOf([0.5, 0.3, 0.2]), ["dog"], "the most probable of those that do");
  assertStrictEquals(one.fallback, "?");
  const several = new Decision(cardOf("sigmoid", { scores }), { unknown: "?" });
  assertEquals(several.labelsOf([0.7, 0.3, 0.4]), ["crow", "dog"]);
  assertEquals(several.labelsOf([0.5, 0.2, 0.4]), ["?"]);
  const never = { ...scores, thresholds: [null, 0.3, null] };
  const strict = new Decision(cardOf("softmax", { scores: never }), { unknown: "?" });
  assertEquals(strict.labelsOf([1, 0, 0]), ["?"], "a class without a threshold is never given out");
});

Deno.test("a background class is no label: the best other one is, or the one for unknown clips", () => {
  const card = cardOf("softmax", { scores, backgroundClasses });
  const one = new Decision(card), several = cardOf("sigmoid", { scores, backgroundClasses });
  assertEquals(one.labelsOf([0.1, 0.3, 0.6]), ["dog"]);
  assertEquals(one.labels, ["crow", "dog"]);
  assertEquals(new Decision(card, { unknown: "?" }).labelsOf([0.1, 0.4, 0.5]), ["?"]);
  assertEquals(new Decision(card, { unknown: "rain" }).labelsOf([0.1, 0.4, 0.5]), ["rain"]);
  assertEquals(new Decision(several).labelsOf([0.7, 0.1, 0.9]), ["crow"]);
  assertEquals(new Decision(several).labelsOf([0.2, 0.1, 0.9]), ["crow"]);
});

Deno.test("classes of events: none where the background is the most probable of one label", () => {
  const card = cardOf("softmax", { scores, backgroundClasses });
  assertEquals(new Decision(card).classesOf([0.3, 0.2, 0.5]), []);
  assertEquals(new Decision(card).classesOf([0.3, 0.5, 0.2]), [1, 0]);
  assertEquals(new Decision(card, { unknown: "?" }).classesOf([0.3, 0.5, 0.2]), [1]);
  const several = new Decision(cardOf("sigmoid", { backgroundClasses }));
  assertEquals(several.classesOf([0.3, 0.5, 0.9]), [1, 0]);
});

Deno.test("a label for unknown clips that is one of the model's, or a model without thresholds, is refused", () => {
  const refused = (card: ModelCard, unknown: string, words: RegExp, more = {}) =>
    assertFails(() => new Decision(card, { unknown, ...more }), words);
  const card = cardOf("softmax", { scores });
  refused(card, "crow", /unknown must be a label that is none of the model's: .* is crow$/);
  refused(
    cardOf("softmax"),
    "?",
    /no thresholds: it was not validated, or by an .* version: current value is \?$/,
  );
  refused(card, "", /a text that is not empty/);
  refused(card, "?", /absent for raw probabilities/, { rawProbabilities: true });
});
