/** Words for people: one line that is drawn again and again on a terminal, plain lines elsewhere. */

/** Where the words of a long job go. */
export interface Terminal {
  /** Prints a line for good, its control characters escaped. */
  line(text: string): void;
  /**
   * Shows where the job stands. On a terminal it replaces what was shown before, a few times a
   * second at the most; elsewhere it becomes a line of its own every ten seconds.
   */
  status(text: string): void;
  /** Takes the status away. */
  clearStatus(): void;
}

/** What is said where nobody reads the output any more. */
export const closedOutput = "Cannot go on as the program that reads the output has ended";

/**
 * Returns what writes text to stdout or stderr.
 *
 * @param onClosed Is called once where nobody reads there any more; nothing is written from then on. Without
 * it, that is an error.
 * @throws {Deno.errors.BrokenPipe} see `onClosed`.
 */
export function createWriter(
  stream: "stdout" | "stderr",
  onClosed: () => void = () => {
    throw new Deno.errors.BrokenPipe(closedOutput);
  },
): (text: string) => void {
  const encoder = new TextEncoder();
  let isOpen = true;
  return (text) => {
    let rest = encoder.encode(text);
    try {
      while (isOpen && rest.length > 0) rest = rest.subarray(Deno[stream].writeSync(rest));
    } catch (error) {
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
      isOpen = false;
      onClosed();
    }
  };
}

/**
 * Text with control characters shown, not obeyed, so that the name of a file cannot move the cursor or end a line:
 * `\x1b`, `\n`; those that turn the direction of writing, too.
 */
export function escapeControls(text: string): string {
  const names: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  return text.replaceAll(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, (character) => {
    const code = character.charCodeAt(0), digits = code < 256 ? 2 : 4;
    const hex = code.toString(16).padStart(digits, "0");
    return names[character] ?? `\\${digits === 2 ? "x" : "u"}${hex}`;
  });
}

/**
 * The terminal on stderr: results go to files and stdout, talk goes here.
 *
 * @param onClosed See `createWriter`.
 */
export function createTerminal(onClosed?: () => void): Terminal {
  const write = createWriter("stderr", onClosed);
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
      write(`${escapeControls(text)}\n`);
    },
    status(unsafe) {
      const text = escapeControls(unsafe);
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
