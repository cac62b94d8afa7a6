import { join } from "../../deps/std_path.ts";
import { readModels } from "../../run/run_folder.ts";
import { RunError } from "../../run/run_error.ts";
import { createPageFiles, type PageFile } from "../../web/page_files.ts";
import { HttpError } from "../http_error.ts";
import { reportHeaders, tryPageHeaders } from "../page_headers.ts";

/** The pages of runs: each one's report, and the page to try its model. Nothing else of a run's folder is given. */
export class RunPages {
  /** The page that was asked for last: its files are asked for one after the other. */
  #tried?: { readonly name: string; readonly files: ReadonlyMap<string, PageFile> };

  /**
   * Of the runs in a folder.
   *
   * @param runs That folder.
   * @param trainAddress Where the page that trains is.
   */
  constructor(readonly runs: string, readonly trainAddress: string) {}

  /**
   * Answers `NAME/report.html`, or `NAME/` and the files of that page.
   *
   * @param path The way from the folder of runs, as it stands in an address.
   * @throws {HttpError} 404 where there is no such page.
   */
  async answer(path: string): Promise<Response> {
    const [, encoded, file] = /^([^/]+)\/([\w.]*)$/.exec(path) ?? [];
    const name = encoded === undefined ? undefined : nameIn(encoded);
    if (name === undefined) throw new HttpError(404, `Cannot find /runs/${path}`);
    return file === "report.html" ? await this.#report(name) : await this.#tryPage(name, file);
  }

  async #report(name: string): Promise<Response> {
    const path = join(this.runs, name, "report.html");
    const bytes = await Deno.readFile(path).catch(() => undefined);
    if (bytes) return new Response(bytes, { headers: reportHeaders });
    throw new HttpError(404, `Cannot show the report of ${name} as it has none yet`);
  }

  async #tryPage(name: string, file: string): Promise<Response> {
    // The page itself is made anew: its model may be another by now.
    if (file === "" || this.#tried?.name !== name) {
      this.#tried = { name, files: await this.#createPage(name) };
    }
    const found = this.#tried.files.get(file || "index.html");
    if (!found) throw new HttpError(404, `Cannot find ${file} in the page of ${name}`);
    return new Response(found.content, {
      headers: { ...tryPageHeaders(false), "content-type": found.type },
    });
  }

  async #createPage(name: string): Promise<Map<string, PageFile>> {
    try {
      const models = await readModels(join(this.runs, name)), { trainAddress } = this;
      if (models[0].card.backbone) {
        throw new RangeError(
          `Cannot make a page of ${name} here as it hears by a backbone: serve --model ${name} has its page`,
        );
      }
      return await createPageFiles(models, { trainAddress });
    } catch (error) {
      const isExplained = error instanceof RunError || error instanceof RangeError;
      throw isExplained ? new HttpError(404, error.message) : error;
    }
  }
}

/** The name of a folder, as it stands in an address; nothing where it would lead elsewhere. */
function nameIn(encoded: string): string | undefined {
  try {
    const name = decodeURIComponent(encoded);
    return /^[^./\\\0][^/\\\0]*$/.test(name) ? name : undefined;
  } catch {
    return undefined;
  }
}
