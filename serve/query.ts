/** What a request's address asks for beside its path. */
import { type Setting, SettingError, type SettingsOf } from "../settings/setting.ts";
import { HttpError } from "./http_error.ts";

/**
 * Reads values by the settings that the command line has for them, under its names: `?min-score=0.5`.
 *
 * @param others Names that are read elsewhere.
 * @throws {HttpError} 400 for a name that there is not, and a value that is not allowed.
 */
export function readQuery<Values>(
  query: URLSearchParams,
  settings: SettingsOf<Values>,
  others: readonly string[] = [],
): Partial<Values> {
  const names = Object.keys(settings) as (keyof Values & string)[];
  const words = new Map(names.map((name) => [wordOf(name), name]));
  const values: Partial<Values> = {};
  for (const [word, text] of query) {
    if (others.includes(word)) continue;
    const name = words.get(word);
    if (name === undefined) {
      const known = [...words.keys(), ...others].sort().join(", ");
      throw new HttpError(400, `Cannot answer as the address may name ${known}: it names ${word}`);
    }
    const { range }: Setting<unknown> = settings[name], value = range.parse(text);
    if (!range.contains(value)) {
      throw new HttpError(400, new SettingError("answer", word, range.rule, text).message);
    }
    values[name] = value as Values[typeof name];
  }
  return values;
}

function wordOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
