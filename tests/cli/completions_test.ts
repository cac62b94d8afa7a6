/** The scripts of `completions`, asked what they offer where their shells are installed. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { commands } from "../../cli/commands.ts";
import { createCompletions, type Shell, shells } from "../../cli/completions.ts";
import { melstream } from "./melstream.ts";

/** What a shell prints of a script behind the completions'. */
async function ask(shell: Shell, script: string): Promise<string[] | undefined> {
  const text = `${createCompletions(shell, commands)}\n${script}`;
  const child = new Deno.Command(shell, { args: ["-c", text], stderr: "inherit" });
  const output = await child.output().catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  return output && new TextDecoder().decode(output.stdout).split("\n").filter((line) => line);
}

const asked = {
  "melstream tr": ["train"],
  "melstream train --backend ": ["auto", "cpu", "webgpu"],
  "melstream train --backend c": ["cpu"],
  "melstream export --f": ["--features-only", "--format"],
  "melstream unknown --f": [],
};

Deno.test("bash completes commands, options and choices", async () => {
  for (const [line, expected] of Object.entries(asked)) {
    const words = line.split(" ").map((word) => `'${word}'`).join(" ");
    const offered = await ask(
      "bash",
      `compopt() { :; }
       COMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _melstream
       printf '%s\\n' "\${COMPREPLY[@]}"`,
    );
    assertEquals((offered ?? expected).sort(), expected, line);
  }
});

Deno.test("fish completes commands, options and choices", async () => {
  for (const [line, expected] of Object.entries(asked)) {
    const offered = await ask("fish", `complete -C '${line}'`);
    assertEquals((offered?.map((word) => word.split("\t")[0]) ?? expected).sort(), expected, line);
  }
});

Deno.test("every shell's script names every command and option, and is printed as it is", async () => {
  for (const shell of shells) {
    const script = createCompletions(shell, commands);
    for (const name of Object.keys(commands)) assertStringIncludes(script, name);
    for (const flag of ["sample-rate", "min-score", "features-only"]) {
      assertStringIncludes(script, flag);
    }
  }
  const { code, stdout } = await melstream(".", "completions", "zsh");
  assertEquals([code, stdout], [0, createCompletions("zsh", commands)]);
});
