import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { channelsFirst, permute } from "../../export/tensor.ts";

Deno.test("permuted axes keep every value at its place", () => {
  const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });
  const cases = shapes.chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      axes: fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }),
    })
  );
  fc.assert(fc.property(cases, ({ shape, axes }) => {
    const size = shape.reduce((a, b) => a * b);
    const values = Float32Array.from({ length: size }, (_, i) => i);
    const permuted = permute({ shape, values }, axes);
    assertEquals(permuted.shape, axes.map((axis) => shape[axis]));
    permuted.values.forEach((value, i) => {
      let rest = i, expected = 0;
      for (let axis = axes.length - 1; axis >= 0; axis--) {
        const place = rest % permuted.shape[axis];
        rest = Math.floor(rest / permuted.shape[axis]);
        expected += place * shape.slice(axes[axis] + 1).reduce((a, b) => a * b, 1);
      }
      assertEquals(value, expected);
    });
  }));
});

Deno.test("a convolution's kernel becomes [out, in, height, width]", () => {
  const values = Float32Array.from({ length: 2 * 3 * 4 * 5 }, (_, i) => i);
  const { shape, values: moved } = channelsFirst({ shape: [2, 3, 4, 5], values });
  assertEquals(shape, [5, 4, 2, 3]);
  const [out, into, row, column] = [3, 2, 1, 2];
  assertEquals(
    moved[((out * 4 + into) * 2 + row) * 3 + column],
    values[((row * 3 + column) * 4 + into) * 5 + out],
  );
});
