/** What is said where an executable cannot be made; tests/compile/trial.ts makes some. */
import { assertRejects } from "@std/assert";
import { createExecutable } from "../../compile/executable.ts";
import { withFolder } from "../fixtures.ts";

Deno.test("where Deno's runtime cannot be fetched, it is said from where, and what helps", () =>
  withFolder(async (dir) => {
    await Deno.writeTextFile(`${dir}/main.ts`, "");
    await Deno.writeTextFile(`${dir}/deno.json`, "{}");
    // A Deno that has fetched nothing yet, and has no network.
    const deno = `${dir}/deno`, set = `DENO_DIR=${dir}/cache HTTPS_PROXY=http://127.0.0.1:9`;
    await Deno.writeTextFile(deno, `#!/bin/sh\nenv -u DENORT_BIN ${set} ${Deno.execPath()} "$@"\n`);
    await Deno.chmod(deno, 0o755);
    const program = { entry: "main.ts", workers: [], packages: [] };
    await assertRejects(
      () => createExecutable(dir, program, { deno, output: `${dir}/program` }),
      Error,
      `/program as Deno's bare runtime must be fetched from https://`,
    );
  }));
