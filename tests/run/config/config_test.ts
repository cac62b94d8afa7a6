import { assertEquals } from "@std/assert";
import { outputOf } from "../../../model/network.ts";
import { openFolder } from "../../../pipeline/sources/folder.ts";
import { resolveConfig } from "../../../run/config/config.ts";
import { readConfig, writeConfig } from "../../../run/config/config_file.ts";
import { withFolder, writeToneDataset } from "../../fixtures.ts";

Deno.test("a run from before the global pooling was said, and the network a list of nodes, is gone on with", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 3);
    const config = await resolveConfig({
      dataset: await openFolder(`${dir}/data`),
      channels: [4, 12],
      globalPooling: "mean",
      denseUnits: 10,
      recipe: { dropout: 0.25, steps: 0 }, // as runs were whose config.json says nothing of them
      pad: "end",
      specAugment: true,
    });
    await writeConfig(dir, config);
    assertEquals(await readConfig(`${dir}/config.json`), config);

    const { recipe: { steps: _steps, ...recipe }, ...others } = config;
    const { ensemble: _ensemble, init: _init, freeze: _freeze, initRate: _rate, ...earlier } =
      others;
    const { channels, globalPooling: _, denseUnits, network, ...rest } = earlier;
    await Deno.writeTextFile(
      `${dir}/config.json`,
      JSON.stringify({ ...rest, recipe, channels, denseUnits, network }),
    );
    assertEquals(await readConfig(`${dir}/config.json`), config);

    const { melBands, numFrames } = network;
    const spec = {
      ...{ melBands, numFrames, channels, denseUnits, ...outputOf(network) },
      ...{ dropoutRate: 0.25, inputScale: 0.025, inputOffset: 2 },
    };
    // Nor were there these ways to make copies.
    const specAugment = { ...rest.specAugment, probability: undefined };
    const later = { pad: undefined, resizedCrop: undefined, mixSounds: undefined };
    const told = { ...rest, ...later, recipe, specAugment, spec };
    await Deno.writeTextFile(`${dir}/config.json`, JSON.stringify(told));
    assertEquals(await readConfig(`${dir}/config.json`), config);
  }));
