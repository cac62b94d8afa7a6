/** A server that is a process, for as long as a test asks it. */

/**
 * Starts `serve`, waits for the address that it says, and ends it by a signal.
 *
 * @param program What to start, and how; its stderr is read here.
 * @returns What it said, and its code.
 */
export async function withServer(
  [program, ...args]: readonly string[],
  options: Deno.CommandOptions,
  use: (address: string) => Promise<void>,
): Promise<{ readonly code: number; readonly said: string }> {
  const server = new Deno.Command(program, {
    ...{ ...options, args, stdin: "null", stderr: "piped", stdout: "null", clearEnv: true },
  }).spawn();
  let said = "", over = false;
  const ended = server.status.finally(() => over = true);
  const reading = (async () => {
    for await (const piece of server.stderr.pipeThrough(new TextDecoderStream())) said += piece;
  })();
  try {
    for (let tries = 0; tries < 6000 && !over; tries++) {
      const address = /^address +(\S+)$/m.exec(said)?.[1];
      if (address) {
        await use(address);
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } finally {
    if (!over) server.kill("SIGTERM");
  }
  const { code } = await ended;
  await reading;
  return { code, said };
}
