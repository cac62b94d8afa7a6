import { SettingError } from "../../settings/setting.ts";

/** What background classes are called where nobody names one. */
export const usualBackgroundNames: readonly string[] = ["background", "noise", "other", "silence"];

/**
 * The classes that are trained and never given out as labels.
 *
 * @param asked Their names; true for the classes with a usual name, in upper or lower case.
 * @returns `null` where none is asked for.
 * @throws {SettingError} where there is no such class, or no other one.
 */
export function resolveBackgroundClasses(
  classes: readonly string[],
  asked: readonly string[] | true | null = null,
): readonly string[] | null {
  if (asked === null) return null;
  const refuse = (rule: string, value: string) => {
    throw new SettingError("train", "backgroundClass", rule, value);
  };
  const found = asked === true
    ? classes.filter((name) => usualBackgroundNames.includes(name.toLowerCase()))
    : asked;
  if (found.length === 0) {
    refuse(`a name where no class is called ${usualBackgroundNames.join(", ")}`, "none");
  }
  for (const name of found) {
    if (!classes.includes(name)) refuse(`one of the classes, ${listed(classes)}`, name);
  }
  if (classes.every((name) => found.includes(name))) {
    refuse("such that another class is left", found.join(", "));
  }
  return found;
}

/**
 * The class of what is not annotated, where recordings are: the first one asked for that nothing is annotated
 * as, or the first; `background`, where none is named.
 *
 * @param annotated What is annotated.
 * @param asked See `resolveBackgroundClasses`.
 * @returns `undefined` where none is asked for.
 */
export function unannotatedClass(
  annotated: readonly string[],
  asked: readonly string[] | true | null = null,
): string | undefined {
  const names = asked === true ? ["background"] : asked ?? [];
  return names.find((name) => !annotated.includes(name)) ?? names[0];
}

function listed(classes: readonly string[]): string {
  const most = 10, shown = classes.slice(0, most).join(", ");
  return classes.length > most ? `${shown} and ${classes.length - most} more` : shown;
}
