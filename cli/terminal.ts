/** Words for people: one line that is drawn again and again on a terminal, plain lines elsewhere. */

/** Where the words of a long job go. */
export interface Terminal {
  /** Prints a line for good. */
  line(text: string): void;
  /**
   * Shows where the job stands. On a terminal it replaces what was shown before, a few times a
   * second at the most; elsewhere it becomes a line of its own every ten seconds.
   */
  status(text: string): void;
  /** Takes the status away. */
  clearStatus(): void;
}

/** The terminal on stderr: results go to files and stdout, talk goes here. */
export function createTerminal(): Terminal {
  const encoder = new TextEncoder();
  const write = (text: string) => void Deno.stderr.writeSync(encoder.encode(text));
  const interactive = Deno.stderr.isTerminal();
  const intervalMs = interactive ? 100 : 10_000;
  let lastMs = interactive ? -Infinity : performance.now(), shown = false;
  const clearStatus = () => {
    if (shown) write("\r\x1b[K");
    shown = false;
  };
  return {
    line(text) {
      clearStatus();
      write(`${text}\n`);
    },
    status(text) {
      const nowMs = performance.now();
      if (nowMs - lastMs < intervalMs) return;
      lastMs = nowMs;
      if (!interactive) return write(`${text}\n`);
      const { columns } = Deno.consoleSize();
      write(`\r\x1b[K${text.slice(0, Math.max(20, columns - 1))}`);
      shown = true;
    },
    clearStatus,
  };
}

/** A duration as people say it: `8s`, `3m 20s`, `1h 05m`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${two(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h ${two(Math.floor(whole / 60) % 60)}m`;
}

/** A share as a percentage with one decimal: `87.5 %`; a dash where there is none. */
export function formatShare(share: number | null | undefined): string {
  return typeof share === "number" ? `${(100 * share).toFixed(1)} %` : "–";
}

/** A number with three decimals; a dash where there is none. */
export function formatFixed(value: number | null | undefined): string {
  return typeof value === "number" ? value.toFixed(3) : "–";
}
