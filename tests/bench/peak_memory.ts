/** What a process took. */
export interface ProcessFigures {
  /** Peak of its resident set, in MB. */
  readonly megabytes: number;
  /** Its time. */
  readonly seconds: number;
  /** What it said. */
  readonly stderr: string;
}

/** Runs a program to its end; Linux only, as the peak is read from /proc. @throws {Error} where it fails. */
export async function peakOf(program: string, args: readonly string[]): Promise<ProcessFigures> {
  const startMs = performance.now();
  const child = new Deno.Command(program, { args: [...args], stdout: "null", stderr: "piped" })
    .spawn();
  const said = new Response(child.stderr).text();
  let hasEnded = false, peak = 0;
  child.status.then(() => hasEnded = true);
  while (!hasEnded) {
    const status = await Deno.readTextFile(`/proc/${child.pid}/status`).catch(() => "");
    peak = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? peak);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { success } = await child.status, stderr = await said;
  if (!success) throw new Error(`Cannot measure ${args.join(" ")}: ${stderr}`);
  return { megabytes: peak / 1000, seconds: (performance.now() - startMs) / 1000, stderr };
}
