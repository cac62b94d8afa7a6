/** What a process took. */
export interface ProcessFigures {
  /** Peak of its resident set, in MB. */
  readonly megabytes: number;
  /** Its time. */
  readonly seconds: number;
  /** Time of processors, all threads added, up to a moment before its end: what a busy machine does not change. */
  readonly cpuSeconds: number;
  /** What it said. */
  readonly stderr: string;
}

/** Linux counts time in these, whatever its clock does. */
const ticksPerSecond = 100;

/** Runs a program to its end; Linux only, as the peak is read from /proc. @throws {Error} where it fails. */
export async function peakOf(program: string, args: readonly string[]): Promise<ProcessFigures> {
  const startMs = performance.now();
  const child = new Deno.Command(program, { args: [...args], stdout: "null", stderr: "piped" })
    .spawn();
  const said = new Response(child.stderr).text();
  let hasEnded = false, peak = 0, ticks = 0;
  child.status.then(() => hasEnded = true);
  while (!hasEnded) {
    const status = await Deno.readTextFile(`/proc/${child.pid}/status`).catch(() => "");
    peak = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? peak);
    const stat = await Deno.readTextFile(`/proc/${child.pid}/stat`).catch(() => "");
    // Behind the name, which may have blanks: state is the first, time in user mode the 12th, in the kernel the 13th.
    const [user, kernel] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13);
    if (kernel !== undefined) ticks = Math.max(ticks, Number(user) + Number(kernel));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { success } = await child.status, stderr = await said;
  if (!success) throw new Error(`Cannot measure ${args.join(" ")}: ${stderr}`);
  const seconds = (performance.now() - startMs) / 1000;
  return { megabytes: peak / 1000, seconds, cpuSeconds: ticks / ticksPerSecond, stderr };
}
