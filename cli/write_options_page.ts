/** `deno task docs`: writes `docs/options.md`. */
import { writeAtomically } from "../run/files/atomic_file.ts";
import { createOptionsPage } from "./options_page.ts";

await writeAtomically(new URL("../docs/options.md", import.meta.url).pathname, createOptionsPage());
