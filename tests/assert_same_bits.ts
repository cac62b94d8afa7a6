/** Equality of numbers to the bit: for `@std/assert`'s `assertEquals`, 0 and -0 are equal. */
import { assert, equal } from "@std/assert";

/**
 * Holds that two values are equal as by `assertEquals`, and besides that the numbers in their
 * arrays and plain objects are the same, and their typed arrays byte for byte. It says where they
 * first differ, and shows little more, as they may hold 100,000s of numbers.
 */
export function assertSameBits(actual: unknown, expected: unknown, message?: string): void {
  const difference = findDifference(actual, expected);
  assert(difference === undefined, `${message ?? "Values differ"}: actual${difference}`);
}

/** Where two values first differ, and in what, as the words after the value's name. */
function findDifference(actual: unknown, expected: unknown): string | undefined {
  if (Object.is(actual, expected)) return undefined;
  if (ArrayBuffer.isView(actual) && ArrayBuffer.isView(expected)) {
    if (haveOneShape(actual, expected)) return findDifferentBytes(actual, expected);
  } else if (isPlain(actual) && isPlain(expected)) {
    if (haveOneShape(actual, expected)) return findDifferentEntry(actual, expected);
  } else if (typeof actual !== "number" && equal(actual, expected)) {
    return undefined;
  }
  return ` is ${Deno.inspect(actual)}, not ${Deno.inspect(expected)}`;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

/** Whether two values are of one class and, as views, as long, or else have the same keys. */
function haveOneShape(actual: object, expected: object): boolean {
  if (Object.getPrototypeOf(actual) !== Object.getPrototypeOf(expected)) return false;
  if (ArrayBuffer.isView(actual) && ArrayBuffer.isView(expected)) {
    return actual.byteLength === expected.byteLength;
  }
  const names = Object.keys(actual);
  return names.length === Object.keys(expected).length &&
    names.every((name) => Object.hasOwn(expected, name)) &&
    Reflect.get(actual, "length") === Reflect.get(expected, "length");
}

function findDifferentEntry(actual: object, expected: object): string | undefined {
  for (const name of Object.keys(actual)) {
    const difference = findDifference(Reflect.get(actual, name), Reflect.get(expected, name));
    const place = Array.isArray(actual) ? name : JSON.stringify(name);
    if (difference !== undefined) return `[${place}]${difference}`;
  }
  return undefined;
}

function findDifferentBytes(actual: ArrayBufferView, expected: ArrayBufferView) {
  const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
    new Uint8Array(buffer, byteOffset, byteLength);
  const a = bytesOf(actual), b = bytesOf(expected);
  for (let at = 0; at < a.length; at++) {
    if (a[at] === b[at]) continue;
    const i = Math.floor(at / Number(Reflect.get(actual, "BYTES_PER_ELEMENT") ?? 1));
    const [seen, wanted] = [actual, expected].map((view) => Deno.inspect(Reflect.get(view, i)));
    return `[${i}] is ${seen}, not ${wanted}`;
  }
  return undefined;
}
