/**
 * What a kernel set exports, as TypeScript, from the declarations that the AssemblyScript compiler emits
 * (`--bindings raw`), so that names and arguments are checked where kernels are called.
 */

/** A function, a global, or the memory. */
const exported =
  /^ {2}export (?:function (?<name>\w+)\((?<parameters>.*)\): (?<result>\w+);|const (?<value>\w+): (?<type>.+?);?)$/gm;

/** Objects in the kernels' memory are given by their address, though the compiler declares their fields. */
const fields = /__Record\d+<\w+>/g;

/**
 * The text of a module that exports the interface `KernelExports`.
 *
 * @param source The kernels' entry file, which the text names.
 * @param declarations The compiler's `.d.ts`.
 */
export function declareKernels(source: string, declarations: string): string {
  const members: string[] = [];
  const text = declarations.replace(fields, "number");
  for (const { groups, index } of text.matchAll(exported)) {
    const { name, parameters, result, value, type } = groups!;
    // What comes back is as WebAssembly has it: a truth value is 0 or 1.
    if (name) members.push(`${name}(${parameters}): ${result.replace("boolean", "number")};`);
    else if (type !== "{") members.push(`readonly ${value}: ${type};`);
    else {
      const body = text.slice(index, text.indexOf("  };", index));
      const access = body.includes("set value(") ? "" : "readonly ";
      members.push(`readonly ${value}: { ${access}value: number };`);
    }
  }
  return [
    `// Made from ${source} by \`deno task wasm\`: change that file instead.`,
    "// deno-fmt-ignore-file",
    "",
    "/** What the kernels export; addresses are bytes into `memory`. */",
    "export interface KernelExports {",
    ...members.map((member) => `  ${member}`),
    "}",
    "",
  ].join("\n");
}
