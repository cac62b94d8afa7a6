import { assertEquals } from "@std/assert";
import { addOptions } from "../../cli/setting_options.ts";
import { choiceSettings, readChoices } from "../../cli/train_command.ts";
import { Command } from "../../deps/commander.ts";
import { withFolder, writeToneDataset } from "../fixtures.ts";

Deno.test("a named recipe chooses clips, copies and network, and options go before it", async () => {
  await withFolder(async (dir) => {
    await writeToneDataset(dir, 2); // half a second each
    const choose = async (words: string) => {
      const command = addOptions(new Command("train"), choiceSettings);
      command.parse(["--data", dir, ...words.split(" ")], { from: "user" });
      const { frontEnd, recipe, pad, globalPooling } = await readChoices(command, undefined);
      return [frontEnd?.durationSeconds, recipe?.steps, pad, globalPooling];
    };
    assertEquals(await choose("--seed 2"), [5, undefined, undefined, undefined]);
    assertEquals(await choose("--recipe strong"), [0.5, 4800, "mixed", undefined]);
    assertEquals(await choose("--recipe strong --seconds 3 --steps 9 --pad end"), [
      ...[3, 9, "end", undefined],
    ]);
    assertEquals(await choose("--recipe source"), [5, 0, "end", "mean"]);
  });
});
