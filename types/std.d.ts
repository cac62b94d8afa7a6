/**
 * Declarations of what is used of Deno's standard library, as npm's `deno-std` has its code without them.
 * They go, with their line in `deno.json`, when its `imports` lead to `jsr:@std/…`.
 */

declare module "@std/assert" {
  // deno-lint-ignore no-explicit-any
  type AnyClass = abstract new (...args: any[]) => any;

  export class AssertionError extends Error {
    constructor(message: string, options?: ErrorOptions);
  }
  export function equal(a: unknown, b: unknown): boolean;
  export function assert(condition: unknown, message?: string): asserts condition;
  export function assertFalse(condition: unknown, message?: string): asserts condition is false;
  export function assertExists<T>(actual: T, message?: string): asserts actual is NonNullable<T>;
  export function assertEquals<T>(actual: T, expected: T, message?: string): void;
  export function assertNotEquals<T>(actual: T, expected: T, message?: string): void;
  export function assertStrictEquals<T>(
    actual: unknown,
    expected: T,
    message?: string,
  ): asserts actual is T;
  export function assertNotStrictEquals<T>(actual: T, expected: T, message?: string): void;
  export function assertAlmostEquals(
    actual: number,
    expected: number,
    tolerance?: number,
    message?: string,
  ): void;
  export function assertGreater<T>(actual: T, expected: T, message?: string): void;
  export function assertGreaterOrEqual<T>(actual: T, expected: T, message?: string): void;
  export function assertLess<T>(actual: T, expected: T, message?: string): void;
  export function assertLessOrEqual<T>(actual: T, expected: T, message?: string): void;
  export function assertMatch(actual: string, expected: RegExp, message?: string): void;
  export function assertNotMatch(actual: string, expected: RegExp, message?: string): void;
  export function assertStringIncludes(actual: string, expected: string, message?: string): void;
  export function assertArrayIncludes<T>(
    actual: ArrayLike<T>,
    expected: ArrayLike<T>,
    message?: string,
  ): void;
  export function assertObjectMatch(actual: object, expected: object, message?: string): void;
  export function assertInstanceOf<T extends AnyClass>(
    actual: unknown,
    expected: T,
    message?: string,
  ): asserts actual is InstanceType<T>;
  export function assertNotInstanceOf<A, T>(
    actual: A,
    // deno-lint-ignore no-explicit-any
    unexpected: abstract new (...args: any[]) => T,
    message?: string,
  ): asserts actual is Exclude<A, T>;
  export function assertIsError<E extends Error = Error>(
    error: unknown,
    // deno-lint-ignore no-explicit-any
    type?: abstract new (...args: any[]) => E,
    words?: string | RegExp,
    message?: string,
  ): asserts error is E;
  export function assertThrows(action: () => unknown, message?: string): unknown;
  export function assertThrows<E extends Error = Error>(
    action: () => unknown,
    // deno-lint-ignore no-explicit-any
    type: abstract new (...args: any[]) => E,
    words?: string,
    message?: string,
  ): E;
  export function assertRejects(
    action: () => PromiseLike<unknown>,
    message?: string,
  ): Promise<unknown>;
  export function assertRejects<E extends Error = Error>(
    action: () => PromiseLike<unknown>,
    // deno-lint-ignore no-explicit-any
    type: abstract new (...args: any[]) => E,
    words?: string,
    message?: string,
  ): Promise<E>;
  export function fail(message?: string): never;
  export function unimplemented(message?: string): never;
  export function unreachable(message?: string): never;
}
