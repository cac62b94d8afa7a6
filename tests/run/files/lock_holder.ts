/** Takes a lock in a process of its own and says so; holds it until it is killed or told to end. */
import { acquireLock } from "../../../run/files/lock.ts";

const [path] = Deno.args;
try {
  const lock = await acquireLock(path, "the test's folder");
  console.log("held");
  for await (const _ of Deno.stdin.readable) { /* until it is closed */ }
  lock[Symbol.dispose]();
} catch (error) {
  console.log((error as Error).message);
}
