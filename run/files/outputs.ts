import { dirname } from "../../deps/std_path.ts";
import { SettingError } from "../../settings/setting.ts";

/** Something that a job is going to write. */
export interface Output {
  /** The setting that names it. */
  readonly setting: string;
  /** Where it is written. */
  readonly path: string;
  /** What will be there; a folder may be there already, with other things in it. */
  readonly kind: "file" | "folder";
}

/**
 * Looks at where a job writes, before the work, and makes the folders that its files lie in.
 *
 * @param data The folder of the recordings: nothing is written among them, as it would be listed with them next
 * time.
 * @throws {SettingError} where two outputs are one, one lies in `data`, is a device, or is no file or folder as it
 * should be.
 */
export async function prepareOutputs(outputs: readonly Output[], data?: string): Promise<void> {
  const root = data === undefined ? undefined : await resolvePath(data);
  const taken = new Set<string>();
  for (const { setting, path, kind } of outputs) {
    const refuse = (rule: string) => {
      throw new SettingError("write the results", setting, rule, path);
    };
    if (/^\/(dev|proc)\//.test(path)) refuse("a file that can be written whole, not a device");
    const place = await resolvePath(path);
    if (taken.has(place)) refuse("a place of its own, where nothing else is written");
    taken.add(place);
    if (root !== undefined && (place === root || place.startsWith(`${root}/`))) {
      refuse(`outside the folder of the recordings, ${data}`);
    }
    const there = await Deno.stat(path).catch(() => undefined);
    if (kind === "file" && there?.isDirectory) refuse("a file, not a folder");
    if (kind === "folder" && there?.isFile) refuse("a folder, not a file");
    if (kind !== "file") continue;
    await Deno.mkdir(dirname(path), { recursive: true }).catch((error) => {
      const isFile = error instanceof Deno.errors.AlreadyExists ||
        error instanceof Deno.errors.NotADirectory;
      if (isFile) refuse("in a folder, not below a file");
      throw error;
    });
  }
}

/** The files that a prediction writes, as far as they are named. @param kind What `out` is. */
export function predictOutputs(
  paths: Partial<Record<"out" | "probabilities" | "skipped", string>>,
  kind: Output["kind"] = "file",
): Output[] {
  return (["out", "probabilities", "skipped"] as const).flatMap((setting): Output[] => {
    const path = paths[setting];
    return path === undefined ? [] : [{ setting, path, kind: setting === "out" ? kind : "file" }];
  });
}

/** The path without links and dots, whether or not it exists. */
async function resolvePath(path: string): Promise<string> {
  const bare = path.replace(/(.)\/+$/, "$1");
  const real = await Deno.realPath(bare).catch(() => undefined);
  if (real !== undefined || bare === "/" || bare === ".") return real ?? bare;
  const folder = await resolvePath(dirname(bare)), name = bare.split("/").at(-1);
  if (name === ".") return folder;
  return name === ".." ? dirname(folder) : `${folder.replace(/\/$/, "")}/${name}`;
}
