import { extname } from "../../deps/std_path.ts";
import type { Recording } from "../recording.ts";
import { DatasetError } from "./dataset.ts";
import { normalizeName } from "./label_table.ts";

/** Recordings by name; of each name the first two, as a second one makes it ambiguous. */
class Names {
  readonly #first = new Map<string, Recording>();
  readonly #second = new Map<string, Recording>();

  add(name: string, recording: Recording): void {
    const known = this.#first.get(name);
    if (!known) this.#first.set(name, recording);
    else if (known !== recording) this.#second.set(name, recording);
  }

  get(name: string): readonly [Recording, Recording | undefined] | undefined {
    const first = this.#first.get(name);
    return first && [first, this.#second.get(name)];
  }
}

/** Finds recordings by the names that a person gives them: with or without the extension, in NFC. */
export class NameIndex {
  readonly #names = new Names();
  readonly #aliases = new Names();
  /** Both without the extension. */
  readonly #stems = new Names();

  /** Of a table, which messages name. */
  constructor(readonly labelsFile: string) {}

  /** Makes a recording known by its name, and by aliases where no other has such a name. */
  add(recording: Recording, name: string, ...aliases: string[]): void {
    this.#names.add(normalizeName(name), recording);
    for (const alias of aliases) this.#aliases.add(normalizeName(alias), recording);
    for (const each of [name, ...aliases].map(normalizeName)) {
      const extension = extname(each);
      if (extension !== "") this.#stems.add(each.slice(0, -extension.length), recording);
    }
  }

  /**
   * The recording that a name of `normalizeName` means.
   *
   * @throws {DatasetError} where it may mean several.
   */
  find(name: string): Recording | undefined {
    const [recording, other] = this.#names.get(name) ?? this.#aliases.get(name) ??
      this.#stems.get(name) ?? [];
    if (recording && other) {
      throw new DatasetError(
        `Cannot label by ${this.labelsFile} as ${name} must be one file: ` +
          `it may be ${recording.id} or ${other.id}`,
      );
    }
    return recording;
  }

  /**
   * The recording that a path means, perhaps of another machine: the longest end of it that is a name.
   *
   * @throws {DatasetError} where it may mean several.
   */
  findPath(path: string): Recording | undefined {
    for (let rest = path;; rest = rest.slice(rest.indexOf("/") + 1)) {
      const found = this.find(rest);
      if (found || !rest.includes("/")) return found;
    }
  }
}
