/** The network of a run that trains one of its own. */
import {
  createConvNetwork,
  type NetworkSettings,
  smallestInput,
} from "../../model/conv_network.ts";
import { freezeBlocks, slowLayers } from "../../model/kept_layers.ts";
import type { Network, OutputActivation } from "../../model/network.ts";
import type { Recipe } from "../../model/recipe.ts";
import { type FrontEnd, numFrames } from "../../pipeline/front_end.ts";
import { SettingError } from "../../settings/setting.ts";
import type { KeptSettings } from "./run_settings.ts";

/**
 * Makes the network that a run's settings describe.
 *
 * @throws {SettingError} where the features are too small for it, or it has fewer blocks than are to stay as they are.
 */
export function createNetwork(
  frontEnd: FrontEnd,
  { channels, globalPooling, denseUnits, freeze, initRate }: NetworkSettings & KeptSettings,
  { recipe, numClasses, activation, init }: {
    readonly recipe: Recipe;
    readonly numClasses: number;
    readonly activation: OutputActivation;
    readonly init?: string;
  },
): Network {
  checkInputSize(frontEnd, channels);
  const network = createConvNetwork({
    melBands: frontEnd.melBands,
    numFrames: numFrames(frontEnd),
    numClasses,
    channels,
    globalPooling,
    denseUnits,
    dropoutRate: recipe.dropout,
    activation,
    inputScale: 2 / frontEnd.dynamicRangeDb,
  });
  if (freeze > 0 && init === undefined) {
    throw new SettingError("freeze blocks", "init", "a run whose blocks they are", "none");
  }
  if (initRate !== 1 && init === undefined) {
    throw new SettingError("train slower", "init", "a run whose layers they are", "none");
  }
  if (freeze > channels.length) {
    const rule = `at most ${channels.length}, the network's blocks`;
    throw new SettingError("freeze blocks", "freeze", rule, freeze);
  }
  return slowLayers(freezeBlocks(network, freeze), initRate);
}

/** @throws {SettingError} where the network's poolings would leave nothing of the features. */
function checkInputSize(frontEnd: FrontEnd, channels: readonly number[]): void {
  const { sampleRateHz, hopSamples, fftSize, centering, melBands, durationSeconds } = frontEnd;
  const smallest = smallestInput(channels), action = "train on these features";
  const reason = `for the network's ${channels.length} poolings`;
  if (melBands < smallest) {
    throw new SettingError(action, "melBands", `at least ${smallest} ${reason}`, melBands);
  }
  if (numFrames(frontEnd) < smallest) {
    const samples = (smallest - 1) * hopSamples + (centering === "off" ? fftSize : 0);
    const seconds = Math.ceil(1000 * samples / sampleRateHz) / 1000;
    const rule = `at least ${seconds} ${reason} at a hop of ${hopSamples} samples`;
    throw new SettingError(action, "durationSeconds", rule, durationSeconds);
  }
}
