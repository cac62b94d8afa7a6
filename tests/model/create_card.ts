import { type ModelCard, modelFormatVersion } from "../../model/model_card.ts";
import { type Network, outputOf } from "../../model/network.ts";
import { defaultFrontEnd } from "../../pipeline/front_end.ts";

/** A card that fits a network, as a run would write it. */
export function createCard(network: Network): ModelCard {
  const { melBands, numFrames } = network, { sampleRateHz, hopSamples } = defaultFrontEnd;
  const { numClasses } = outputOf(network);
  const classes = Array.from({ length: numClasses }, (_, i) => `class ${i}`);
  const durationSeconds = (numFrames - 1) * hopSamples / sampleRateHz;
  return {
    formatVersion: modelFormatVersion,
    program: "melstream test",
    network,
    frontEnd: { ...defaultFrontEnd, melBands, durationSeconds },
    classes,
    majorityLabel: classes[0],
    golden: { features: [-1.5], probabilities: classes.map(() => 1 / numClasses) },
    epoch: 3,
    validationAccuracy: 0.5,
    validationLoss: 0.7,
  };
}
