import { DecodeError } from "../decode/audio.ts";

/**
 * Holds that the program may ask a server, so that nobody is prompted in the middle of a job.
 *
 * @param path What messages call what is wanted there.
 * @throws {DecodeError} where it may not.
 */
export function checkMayReach(url: string, path: string): void {
  const { hostname, port, protocol } = new URL(url);
  const host = `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
  if (Deno.permissions.querySync({ name: "net", host }).state === "granted") return;
  throw new DecodeError({
    path,
    expected: `permission to reach ${host}`,
    seen: `none: give it with --allow-net=${host}, or by «deno task net» in place of «deno task»`,
  });
}
