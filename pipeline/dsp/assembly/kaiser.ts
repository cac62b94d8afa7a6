/** The parts of a Kaiser-windowed sinc. */
/** Modified Bessel function of order 0 (power series). */
function besselI0(x: f64): f64 {
  const quarter = x * x / 4;
  let term: f64 = 1, sum: f64 = 1;
  for (let k: f64 = 1; term > 1e-17 * sum; k++) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}

/** sin(πx)/(πx). */
export function sinc(x: f64): f64 {
  return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Kaiser window at x of −1…1. */
export function kaiser(x: f64, beta: f64): f64 {
  return Math.abs(x) >= 1 ? 0 : besselI0(beta * Math.sqrt(1 - x * x)) / besselI0(beta);
}
