/** Heads beside scikit-learn's, and their arithmetic beside differences. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fitHead, type HeadRows } from "../../../model/head/fit_head.ts";
import { addGradientOfRows, passBackRows, productOfRows } from "../../../model/head/dense_rows.ts";
import { createHeadEngine } from "../../../model/head/head_engine.ts";
import { createHeadNetwork } from "../../../model/head/head_network.ts";
import { minimise } from "../../../model/head/lbfgs.ts";
import { penaltiesOf } from "../../../model/head/head_settings.ts";
import { createInitialWeights } from "../../../model/weights.ts";
import { createRandom } from "../../../pipeline/random.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import vectors from "../../vectors/backbone/heads.json" with { type: "json" };

const size = 5, numRows = 40, all = Float32Array.from(vectors.rows);
const one = vectors.one.map((k) => [k]);
const several = vectors.several.map((row) => row.flatMap((is, k) => is ? [k] : []));

function rowsOf(
  classes: readonly number[][],
  weights = new Float64Array(numRows).fill(1),
): HeadRows {
  return { size, classes, weights, parts: () => [all] };
}

Deno.test("heads are scikit-learn's logistic regressions, behind its scaler", async () => {
  for (const { l2, balanced, activation, probabilities } of vectors.heads) {
    const kind = activation as "softmax" | "sigmoid";
    const network = createHeadNetwork({ size, numClasses: 3, hiddenUnits: 0, activation: kind });
    const counts = [0, 1, 2].map((k) => vectors.one.filter((other) => other === k).length);
    const weights = Float64Array.from(vectors.one, (k) => balanced ? numRows / (3 * counts[k]) : 1);
    const rows = rowsOf(kind === "softmax" ? one : several, weights);
    const head = await fitHead(rows, { network, l2, seed: 1 });
    assert(head.converged);
    const said = await createHeadEngine(network, head.weights).predict(all);
    let loss = 0;
    said.forEach((value, i) => {
      const [row, k] = [Math.floor(i / 3), i % 3], has = rows.classes[row].includes(k);
      if (kind === "sigmoid" || has) loss -= weights[row] * Math.log(has ? value : 1 - value);
      assert(
        Math.abs(value - probabilities[i]) < 2e-4,
        `${activation} ${l2} ${balanced} ${i}: ${value}, not ${probabilities[i]}`,
      );
    });
    const total = weights.reduce((a, b) => a + b) * (kind === "sigmoid" ? 3 : 1);
    assert(Math.abs(head.loss - loss / total) < 1e-4, `${head.loss}, ${loss / total}`);
  }
});

Deno.test("rows in parts, and from a head of another penalty, come to the same head", async () => {
  const network = createHeadNetwork({ size, numClasses: 3, hiddenUnits: 0, activation: "softmax" });
  const whole = await fitHead(rowsOf(one), { network, l2: 1, seed: 1 });
  function* parts() {
    for (const [from, to] of [[0, 7], [7, 8], [8, 40]]) yield all.slice(from * size, to * size);
  }
  const inParts = await fitHead({ ...rowsOf(one), parts }, { network, l2: 1, seed: 1 });
  assertSameBits(inParts.weights, whole.weights);
  const before = await fitHead(rowsOf(one), { network, l2: 30, seed: 1 });
  const after = await fitHead(rowsOf(one), { network, l2: 1, seed: 2, from: before });
  after.parameters.forEach((value, i) => assert(Math.abs(value - whole.parameters[i]) < 1e-3));
  const again = await fitHead(rowsOf(one), { network, l2: 1, seed: 1, from: whole });
  assertEquals(again.steps, 0);
});

Deno.test("a hidden layer learns what no line tells apart, the same for the same seed", async () => {
  const random = createRandom("rings"), rows: number[] = [], classes: number[][] = [];
  for (let i = 0; i < 60; i++) {
    const angle = random.uniform(0, 7), radius = i % 2 ? 1 : 3;
    rows.push(radius * Math.cos(angle), radius * Math.sin(angle));
    classes.push([i % 2]);
  }
  const parts = () => [Float32Array.from(rows)];
  const ring: HeadRows = { size: 2, classes, weights: new Float64Array(60).fill(1), parts };
  const fit = (hiddenUnits: number, seed = 1) => {
    const network = createHeadNetwork({
      ...{ size: 2, numClasses: 2, hiddenUnits },
      activation: "softmax",
    });
    return fitHead(ring, { network, l2: 0.01, seed });
  };
  const linear = await fit(0), hidden = await fit(8);
  assert(linear.accuracy < 0.8, `${linear.accuracy}`);
  assertEquals([hidden.accuracy, hidden.converged], [1, true]);
  assertSameBits((await fit(8)).weights, hidden.weights);
});

Deno.test("a head with a hidden layer ends where its steps gain no more, at the loss that many more come to", async () => {
  const random = createRandom("noise"), size = 12, numRows = 50;
  const draw = () => Float32Array.from({ length: size * numRows }, () => random.uniform(-1, 1));
  const noise = draw(), classes = Array.from({ length: numRows }, (_, i) => [i % 3]);
  let passes = 0;
  const parts = () => {
    passes++;
    return [noise];
  };
  const rows: HeadRows = { size, classes, weights: new Float64Array(numRows).fill(1), parts };
  const network = createHeadNetwork({
    ...{ size, numClasses: 3, hiddenUnits: 16, activation: "softmax" },
  });
  const head = await fitHead(rows, { network, l2: 3, seed: 1 });
  assert(head.converged && head.steps < 200 && passes < 250, `${head.steps} ${passes}`);
  const further = await fitHead(rows, { network, l2: 3, seed: 1, from: head });
  assert(Math.abs(further.loss - head.loss) < 0.01 * head.loss, `${further.loss} ${head.loss}`);
});

Deno.test("products and gradients of a few rows are those of one multiplication after the other", () => {
  const random = createRandom("rows"), rows = 8;
  const draw = (length: number) => Float64Array.from({ length }, () => random.uniform(-1, 1));
  for (const [inputs, units] of [[1, 1], [4, 3], [7, 2], [13, 5]]) {
    const from = draw(rows * inputs), kernel = draw(inputs * units), bias = draw(units);
    const errors = draw(rows * units), values = from.map((x) => Math.max(0, x));
    const to = new Float64Array(rows * units), before = new Float64Array(rows * inputs);
    productOfRows(from, kernel, bias, to, rows);
    passBackRows(kernel, errors, values, before, rows);
    const [ofKernel, ofBias] = [kernel.slice(), bias.slice()];
    addGradientOfRows(from, errors, ofKernel, ofBias, rows);
    const near = (a: number, b: number) => assert(Math.abs(a - b) < 1e-12, `${a}, not ${b}`);
    for (let k = 0; k < units; k++) {
      let sum = bias[k];
      for (let row = 0; row < rows; row++) {
        let product = bias[k];
        for (let j = 0; j < inputs; j++) product += from[row * inputs + j] * kernel[j * units + k];
        near(to[row * units + k], product);
        sum += errors[row * units + k];
      }
      near(ofBias[k], sum);
    }
    for (let j = 0; j < inputs; j++) {
      for (let k = 0; k < units; k++) {
        let sum = kernel[j * units + k];
        for (let row = 0; row < rows; row++) {
          sum += from[row * inputs + j] * errors[row * units + k];
        }
        near(ofKernel[j * units + k], sum);
      }
      for (let row = 0; row < rows; row++) {
        let sum = 0;
        for (let k = 0; k < units; k++) sum += kernel[j * units + k] * errors[row * units + k];
        near(before[row * inputs + j], from[row * inputs + j] > 0 ? sum : 0);
      }
    }
  }
});

Deno.test("a minimum is found, along a curved valley and a narrow one", async () => {
  const valley = Float64Array.of(-1.2, 1);
  const result = await minimise(
    ([x, y], gradient) => {
      gradient.set([-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)]);
      return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
    },
    valley,
    { tolerance: 1e-9, maxSteps: 500 },
  );
  assert(result.converged && Math.abs(valley[0] - 1) < 1e-7, `${valley} ${result.steps}`);
  const narrow = Float64Array.of(3, -2, 5);
  await minimise(
    (x, gradient) => {
      gradient.set(x.map((value, i) => 10 ** (2 * i) * value));
      return x.reduce((sum, value, i) => sum + 10 ** (2 * i) * value ** 2 / 2, 0);
    },
    narrow,
    { tolerance: 1e-10, maxSteps: 500 },
  );
  assert(narrow.every((value) => Math.abs(value) < 1e-8), `${narrow}`);
  const stopped = await minimise(
    ([x], gradient) => {
      gradient[0] = 2 * x;
      return x * x;
    },
    Float64Array.of(1e6),
    { tolerance: 0, maxSteps: 0 },
  );
  assertEquals([stopped.steps, stopped.converged], [0, false]);
});

Deno.test("penalties are tried where there are clips to choose by; weights begin with the seed", () => {
  assertEquals([penaltiesOf(3, true), penaltiesOf("auto", false)], [[3], [1]]);
  assert(penaltiesOf("auto", true).length > 5);
  const network = createHeadNetwork({ size, numClasses: 3, hiddenUnits: 2, activation: "sigmoid" });
  const names = createInitialWeights(network, 1).map(({ name, shape }) => `${name} ${shape}`);
  assertMatch(
    names.join("; "),
    /^dense\/kernel 5,2; dense\/bias 2; logits\/kernel 2,3; logits\/bias 3$/,
  );
});
