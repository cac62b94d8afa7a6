/** An executable alone: in a folder of its own, with an empty home and nothing else to find. */
import { assertEquals } from "@std/assert";
import { basename, join } from "../../deps/std_path.ts";
import { withServer } from "../cli/served.ts";

/** See above. */
export interface Alone {
  /** The folder it is started in. */
  readonly dir: string;
  /** Its size in bytes. */
  readonly size: number;
  /** True where the system keeps all networks from it. */
  readonly isOffline: boolean;
  /** Runs a command. @returns What it said. @throws {AssertionError} with that, where it fails. */
  run(...words: string[]): Promise<string>;
  /** Runs a command that has to fail. @returns What it said. */
  fail(...words: string[]): Promise<string>;
  /** Serves while `use` asks: as an offline program has no address, with a proxy that nobody is. */
  serve(words: readonly string[], use: (address: string) => Promise<void>): Promise<void>;
}

/** Moves an executable into a new folder. */
export async function leaveAlone(dir: string, executable: string): Promise<Alone> {
  await Deno.mkdir(join(dir, "home"), { recursive: true });
  const path = join(dir, basename(executable)), home = join(dir, "home");
  await Deno.rename(executable, path);
  const nobody = "http://127.0.0.1:9";
  const env = {
    ...{ HOME: home, DENO_DIR: join(home, "deno"), TMPDIR: home, PATH: home },
    ...{ HTTP_PROXY: nobody, HTTPS_PROXY: nobody, NO_PROXY: "127.0.0.1" },
  };
  const apart = ["/usr/bin/unshare", "--map-root-user", "--net"];
  const isOffline = await succeeds([...apart, "/bin/true"]);
  const run = async (words: readonly string[]) => {
    const [program, ...args] = [...isOffline ? apart : [], path, ...words];
    const { code, stderr } = await new Deno.Command(program, {
      ...{ args, cwd: dir, env, clearEnv: true, stdin: "null" },
    }).output();
    return { code, said: new TextDecoder().decode(stderr) };
  };
  return {
    ...{ dir, isOffline, size: (await Deno.stat(path)).size },
    async run(...words) {
      const { code, said } = await run(words);
      assertEquals(code, 0, said);
      return said;
    },
    async fail(...words) {
      const { code, said } = await run(words);
      assertEquals(code, 1, said);
      return said;
    },
    async serve(words, use) {
      const command = [path, "serve", "--port", "0", ...words];
      const { code, said } = await withServer(command, { cwd: dir, env }, use);
      assertEquals(code, 0, said);
    },
  };
}

async function succeeds([program, ...args]: readonly string[]): Promise<boolean> {
  const command = new Deno.Command(program, { args, stdout: "null", stderr: "null" });
  return await command.output().then(({ success }) => success, () => false);
}
