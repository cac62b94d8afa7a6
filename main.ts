/** The program. It looks at its runtime before it loads anything that an older one cannot. */
const neededMajor = 2, neededMinor = 9;

if (import.meta.main) {
  const [major, minor] = Deno.version.deno.split(".").map(Number);
  const isOld = major < neededMajor || major === neededMajor && minor < neededMinor;
  // An executable carries the runtime that it was made and tried with.
  if (isOld && !Deno.build.standalone) {
    console.error(
      `melstream: Cannot run as Deno must be ${neededMajor}.${neededMinor} or newer: ` +
        `current version is ${Deno.version.deno}`,
    );
    Deno.exit(1);
  }
  const { main } = await import("./cli/main.ts");
  await main(Deno.args);
}
