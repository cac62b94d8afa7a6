/** The first of some Pythons that has a module; undefined where none has. */
export async function findPython(
  module: string,
  pythons: readonly string[],
): Promise<string | undefined> {
  for (const python of pythons) {
    try {
      const { success } = await new Deno.Command(python, {
        args: ["-c", `import ${module}`],
        stderr: "null",
      }).output();
      if (success) return python;
    } catch { /* Not installed: the next one. */ }
  }
}
