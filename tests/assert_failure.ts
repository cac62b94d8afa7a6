/** Errors held to patterns: `@std/assert`'s own look for a class and a part of the message. */
import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";

/**
 * What an error must be: a pattern of its text, `Name: message`, or some of its properties, each a
 * pattern of a text or the value itself.
 */
export type Failure = RegExp | Readonly<Record<string, unknown>>;

/** Holds that a promise is rejected with such an error. */
export function assertFails(
  action: Promise<unknown>,
  expected: Failure,
  message?: string,
): Promise<void>;
/** Holds that a function throws such an error when it is called. */
export function assertFails(action: () => unknown, expected: Failure, message?: string): void;
export function assertFails(
  action: Promise<unknown> | (() => unknown),
  expected: Failure,
  message?: string,
): Promise<void> | void {
  const check = (error: unknown) => assertIsFailure(error, expected, message);
  if (typeof action === "function") return check(assertThrows(action, message));
  return assertRejects(() => action, message).then(check);
}

function assertIsFailure(error: unknown, expected: Failure, message: string | undefined): void {
  if (expected instanceof RegExp) return assertMatch(String(error), expected, message);
  for (const [name, value] of Object.entries(expected)) {
    const seen: unknown = Reflect.get(Object(error), name);
    const place = [message, `${name} of ${error}`].filter(Boolean).join(": ");
    if (value instanceof RegExp && typeof seen === "string") assertMatch(seen, value, place);
    else assertEquals(seen, value, place);
  }
}
