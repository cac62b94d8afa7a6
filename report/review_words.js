/** Words and numbers of the page of segments. */

/** `87.5 %`. */
export function formatShare(share) {
  return `${(100 * share).toFixed(1)}\u202f%`;
}

/** `2.25 s`. */
export function formatSeconds(seconds) {
  return `${Number(seconds.toFixed(2))} s`;
}

/** `1:02:05.50`. */
export function formatTime(seconds) {
  const whole = Math.floor(seconds), two = (n) => String(n).padStart(2, "0");
  const hundredths = two(Math.floor(100 * (seconds - whole) + 1e-6));
  const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(whole % 60)}.${hundredths}`;
}

/** About five round times from 0 on. */
export function timeMarks(seconds) {
  const steps = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50];
  const step = steps.find((step) => seconds / step <= 5) ?? 100;
  const count = Math.floor(0.97 * seconds / step);
  return Array.from({ length: count + 1 }, (_, i) => i * step);
}

/** The address of a file below the page's folder. */
export function addressOf(path) {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** CSV of rows of cells. */
export function tableText(rows) {
  const cell = (value) =>
    /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : String(value);
  return rows.map((row) => `${row.map(cell).join(",")}\n`).join("");
}
