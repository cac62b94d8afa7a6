import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { encodeMessage, type Field, joinPieces } from "../../export/protobuf.ts";
import { readMessage } from "./read_message.ts";

const encode = (...fields: Field[]) => joinPieces(encodeMessage(fields));
const hex = (bytes: Uint8Array) => bytes.toHex();

Deno.test("messages have the bytes that the format's guide shows", () => {
  assertEquals(hex(encode([1, 150])), "089601");
  assertEquals(hex(encode([2, "testing"])), "120774657374696e67");
  assertEquals(hex(encode([3, encodeMessage([[1, 150]])])), "1a03089601");
  assertEquals(hex(encode([1, -2])), "08feffffffffffffffff01");
  assertEquals(hex(encode([5, { float32: 1.5 }])), "2d0000c03f");
  assertEquals(hex(encode([4, Uint8Array.of(1, 2)], [4, new Uint8Array()])), "220201022200");
  assertEquals(hex(encode([16, 0])), "800100");
});

Deno.test("what is written is read back, nested messages included", () => {
  const number = fc.integer({ min: 1, max: 2 ** 29 - 1 });
  const field = fc.oneof(
    fc.tuple(number, fc.maxSafeInteger()),
    fc.tuple(number, fc.uint8Array({ maxLength: 300 })),
  );
  fc.assert(fc.property(fc.array(field), number, (fields, around) => {
    const message = encodeMessage(fields);
    assertEquals(joinPieces(message).length, message.numBytes);
    const [[outer, inner]] = readMessage(encode([around, message]));
    assertEquals(outer, around);
    const expected = fields.map(([number, value]) => [
      number,
      typeof value === "number" ? BigInt.asUintN(64, BigInt(value)) : value,
    ]);
    assertEquals(readMessage(inner as Uint8Array), expected as ReturnType<typeof readMessage>);
  }));
});

Deno.test("a number that is no whole one is refused", () => {
  assertThrows(() => encodeMessage([[1, 0.5]]), RangeError);
});
