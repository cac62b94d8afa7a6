import { assertEquals, assertStrictEquals } from "@std/assert";
import { createSafetensors } from "../../export/export.ts";
import { parseModelCard } from "../../model/model_card.ts";
import { defaultFrontEnd } from "../../pipeline/front_end.ts";
import { createModel } from "./models.ts";

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** The format as its page says it: the header's length, the header, the values. */
function read(bytes: Uint8Array<ArrayBuffer>) {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const { __metadata__: metadata, ...entries } = header;
  const values = bytes.slice(8 + length);
  const tensors = new Map(
    Object.entries<Entry>(entries).map(([name, { dtype, shape, data_offsets: [begin, end] }]) => {
      assertStrictEquals(dtype, "F32");
      assertStrictEquals(end - begin, 4 * shape.reduce((a, b) => a * b));
      return [name, {
        shape,
        begin,
        end,
        values: new Float32Array(values.buffer, begin, (end - begin) / 4),
      }];
    }),
  );
  return { length, metadata, tensors, numBytes: values.length };
}

Deno.test("safetensors have PyTorch's names and layouts, and the card", async () => {
  const model = await createModel({ ...defaultFrontEnd, durationSeconds: 0.5, melBands: 32 });
  const { length, metadata, tensors, numBytes } = read(createSafetensors(model));
  assertStrictEquals(length % 8, 0);
  assertEquals(parseModelCard(JSON.parse(metadata.card)), model.card);
  assertEquals([metadata.format, metadata.program], ["pt", model.card.program]);
  const block = (i: number, into: number, out: number) => [
    `conv_${i}.weight ${out},${into},3,3`,
    ...["weight", "bias", "running_mean", "running_var"].map((part) =>
      `batch_norm_${i}.${part} ${out}`
    ),
  ];
  assertEquals([...tensors].map(([name, { shape }]) => `${name} ${shape}`), [
    ...block(1, 1, 8),
    ...block(2, 8, 16),
    ...["dense.weight 12,16", "dense.bias 12", "logits.weight 3,12", "logits.bias 3"],
  ]);
  // Without gaps, and to the end.
  const ends = [...tensors.values()].map(({ end }) => end);
  assertEquals([...tensors.values()].map(({ begin }) => begin), [0, ...ends.slice(0, -1)]);
  assertStrictEquals(ends.at(-1), numBytes);

  const ours = (name: string) => model.weights.find((weight) => weight.name === name)!.values;
  const theirs = (name: string) => tensors.get(name)!.values;
  assertEquals(theirs("batch_norm_2.running_var"), ours("batch_norm_2/moving_variance"));
  assertEquals(theirs("batch_norm_2.weight"), ours("batch_norm_2/gamma"));
  assertEquals(theirs("dense.bias"), ours("dense/bias"));
  const dense = theirs("dense.weight"), kernel = ours("dense/kernel");
  dense.forEach((value, i) =>
    assertStrictEquals(value, kernel[(i % 16) * 12 + Math.floor(i / 16)])
  );
  const conv = theirs("conv_2.weight"), image = ours("conv_2/kernel");
  const [out, into, row, column] = [13, 5, 2, 1];
  assertStrictEquals(
    conv[((out * 8 + into) * 3 + row) * 3 + column],
    image[((row * 3 + column) * 8 + into) * 16 + out],
  );
});
