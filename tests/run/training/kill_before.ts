/** Has the process end at once, as by a power cut, before an operation on a file. */
export function killBefore(words: RegExp, count: number): void {
  let left = count;
  const watch = (holder: object, name: string) => {
    const operation = Reflect.get(holder, name);
    Reflect.set(holder, name, function (this: unknown, ...args: unknown[]) {
      const paths = args.filter((arg) => typeof arg === "string");
      if (words.test([name, ...paths].join(" ")) && --left === 0) {
        Deno.kill(Deno.pid, "SIGKILL");
        for (;;);
      }
      return Reflect.apply(operation, this, args);
    });
  };
  for (const name of ["open", "mkdir", "rename", "remove", "removeSync"]) watch(Deno, name);
  for (const name of ["write", "writeSync", "sync", "tryLock"]) watch(Deno.FsFile.prototype, name);
}
