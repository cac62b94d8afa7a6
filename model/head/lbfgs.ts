/** Minimises smooth functions: L-BFGS (Nocedal & Wright 2006, algorithm 7.4), with a backtracking line search. */

/** A function and its gradient. @param gradient Receives the gradient at `x`. @returns the value there. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number | Promise<number>;

/** When a minimisation ends. */
export interface LbfgsOptions {
  /** Largest component of the gradient at which it has converged. */
  readonly tolerance: number;
  /** Share of the value that ten steps must gain: where they gain less, it has converged, too. @default {0} */
  readonly leastGain?: number;
  /** Most steps. */
  readonly maxSteps: number;
  /** Called after every step; what it throws ends it. */
  readonly onStep?: (step: number, value: number) => void | Promise<void>;
}

/** What a minimisation came to. */
export interface LbfgsResult {
  /** The value at the end. */
  readonly value: number;
  /** Steps done. */
  readonly steps: number;
  /** False where the steps ran out. */
  readonly converged: boolean;
}

/** Steps over which a gain is told. */
const gainSteps = 10;
/** Pairs of steps that the curvature is learnt from. */
const memory = 10;

/** Moves `x` to a minimum, in place. @throws {Error} where the function is not finite at the start. */
export async function minimise(
  objective: Objective,
  x: Float64Array,
  { tolerance, leastGain = 0, maxSteps, onStep }: LbfgsOptions,
): Promise<LbfgsResult> {
  const n = x.length, gradient = new Float64Array(n), direction = new Float64Array(n);
  const nextX = new Float64Array(n), nextGradient = new Float64Array(n);
  const pairs: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  let value = await objective(x, gradient);
  if (!Number.isFinite(value)) throw new Error("Cannot train the head as its loss must be finite");
  const recent: number[] = [];
  for (let step = 0; step < maxSteps; step++) {
    if (largest(gradient) <= tolerance) return { value, steps: step, converged: true };
    twoLoops(pairs, gradient, direction);
    let slope = dot(gradient, direction);
    if (!(slope < 0)) {
      pairs.length = 0;
      for (let i = 0; i < n; i++) direction[i] = -gradient[i];
      slope = -dot(gradient, gradient);
    }
    let size = pairs.length === 0 ? Math.min(1, 1 / Math.sqrt(-slope)) : 1, next = Infinity;
    for (;; size /= 2) {
      for (let i = 0; i < n; i++) nextX[i] = x[i] + size * direction[i];
      next = await objective(nextX, nextGradient);
      if (next <= value + 1e-4 * size * slope) break;
      // What is left to gain is below what doubles can tell.
      if (size < 1e-12) return { value, steps: step, converged: true };
    }
    const s = new Float64Array(n), y = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      s[i] = nextX[i] - x[i];
      y[i] = nextGradient[i] - gradient[i];
    }
    const curvature = dot(s, y);
    if (curvature > 1e-10 * dot(y, y)) {
      pairs.push({ s, y, rho: 1 / curvature });
      if (pairs.length > memory) pairs.shift();
    }
    x.set(nextX);
    gradient.set(nextGradient);
    value = next;
    await onStep?.(step + 1, value);
    const before = recent.length === gainSteps ? recent.shift()! : Infinity;
    if (before - value < leastGain * before) return { value, steps: step + 1, converged: true };
    recent.push(value);
  }
  return { value, steps: maxSteps, converged: largest(gradient) <= tolerance };
}

/** direction = −H · gradient, H being what the pairs tell of the inverse Hessian. */
function twoLoops(
  pairs: readonly { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number }[],
  gradient: Float64Array,
  direction: Float64Array,
): void {
  direction.set(gradient);
  const alphas: number[] = [];
  for (const { s, y, rho } of pairs.toReversed()) {
    const alpha = rho * dot(s, direction);
    alphas.push(alpha);
    addScaled(direction, -alpha, y);
  }
  const last = pairs.at(-1), scale = last ? 1 / (last.rho * dot(last.y, last.y)) : 1;
  for (let i = 0; i < direction.length; i++) direction[i] *= scale;
  pairs.forEach(({ s, y, rho }, i) => {
    addScaled(direction, alphas[pairs.length - 1 - i] - rho * dot(y, direction), s);
  });
  for (let i = 0; i < direction.length; i++) direction[i] = -direction[i];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function addScaled(to: Float64Array, factor: number, values: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * values[i];
}

function largest(values: Float64Array): number {
  return values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
}
