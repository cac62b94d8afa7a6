/** Numbers in words, the same everywhere on a page. */

/** Space between a number and its unit: no line breaks there. */
export const thin = "\u202f";

/** Dash that stands where there is no number. */
export const missing = "–";

/** A share as a percentage with one decimal: `87.5 %`. */
export function formatShare(share: number | null | undefined): string {
  return isNumber(share) ? `${(100 * share).toFixed(1)}${thin}%` : missing;
}

/** A share as a whole percentage, for axes: `88 %`. */
export function formatPercent(share: number): string {
  return `${Math.round(100 * share)}${thin}%`;
}

/** A number with so many decimals. */
export function formatNumber(value: number | null | undefined, decimals: number): string {
  return isNumber(value) ? value.toFixed(decimals).replace(/^-/, "−") : missing;
}

/** A whole number with thin spaces between its thousands: `12 345`. */
export function formatCount(value: number | null | undefined): string {
  if (!isNumber(value)) return missing;
  return String(Math.round(value)).replaceAll(/\B(?=(\d{3})+$)/g, thin);
}

/** A duration: `0.41 s`, `8.2 s`, `3 min 20 s`, `1 h 05 min`. */
export function formatDuration(seconds: number | null | undefined): string {
  if (!isNumber(seconds)) return missing;
  if (seconds < 1) return `${seconds.toFixed(2)}${thin}s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)}${thin}s`;
  const whole = Math.round(seconds), two = (n: number) => String(n).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)}${thin}min ${two(whole % 60)}${thin}s`;
  return `${Math.floor(whole / 3600)}${thin}h ${two(Math.floor(whole / 60) % 60)}${thin}min`;
}

/** Seconds as they were chosen: `5 s`, `0.25 s`. */
export function formatSeconds(seconds: number): string {
  return `${Number(seconds.toFixed(3))}${thin}s`;
}

/** A text with its numbers and their units held together. */
export function holdUnits(text: string): string {
  return text.replaceAll(/(\d) (?=(s|ms|Hz|kHz|dB|%|min|h)(?![\p{L}\d]))/gu, `$1${thin}`);
}

/** A frequency: `440 Hz`, `22.05 kHz`. */
export function formatHz(hz: number): string {
  return hz < 1000 ? `${hz}${thin}Hz` : `${Number((hz / 1000).toFixed(3))}${thin}kHz`;
}

/** `1 clip`, `2 clips`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
