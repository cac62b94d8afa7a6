/**
 * A command as people call it: `deno task train`, or `melstream train` where the program is an executable of that
 * name.
 */
export function callOf(command: string): string {
  if (!Deno.build.standalone) return `deno task ${command}`;
  const [name] = Deno.execPath().split(/[\\/]/).slice(-1);
  return `${name.replace(/\.exe$/i, "")} ${command}`;
}
