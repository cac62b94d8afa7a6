/** The run that another one starts from: its features and network are taken over, its weights are the first. */
import { type NetworkSettings, networkSettings } from "../../model/conv_network.ts";
import type { ModelCard } from "../../model/model_card.ts";
import { type Network, outputOf } from "../../model/network.ts";
import { createInitialWeights, findWeight, type Weight } from "../../model/weights.ts";
import { type FrontEnd, frontEndSettings, resolveFrontEnd } from "../../pipeline/front_end.ts";
import { pickSettings, SettingError } from "../../settings/setting.ts";
import { hashWeights, type RunChoices } from "../config/config.ts";
import { readConfig } from "../config/config_file.ts";
import type { RunConfig } from "../config/run_config.ts";
import { RunError } from "../run_error.ts";
import { readModel } from "../run_folder.ts";

/**
 * Takes over what the weights of `choices.init` are bound to: front end and network. Only how long a clip is may
 * be said anew, as the weights fit clips of any length.
 *
 * @throws {RunError} where there is no run with a model.
 * @throws {SettingError} where something else was chosen than that run has.
 */
export async function takeOver<Choices extends RunChoices>(choices: Choices): Promise<Choices> {
  const { init } = choices;
  if (init === undefined) return choices;
  if (choices.backbone) {
    const rule = "left out, as a backbone has weights of its own";
    throw new SettingError("train on a backbone", "init", rule, init);
  }
  const { card } = await readModel(init);
  if (card.backbone) {
    throw new RunError(
      `Cannot start from ${init} as it must have a network of its own: it is a head on ${card.backbone.card.name}`,
    );
  }
  const network = pickSettings<NetworkSettings>(
    networkSettings,
    await readConfig(`${init}/config.json`),
  );
  const { durationSeconds: _, ...features } = pickSettings<FrontEnd>(
    frontEndSettings,
    choices.frontEnd ?? {},
  );
  refuseOther(init, features, card.frontEnd);
  refuseOther(init, pickSettings<NetworkSettings>(networkSettings, choices), network);
  const frontEnd = resolveFrontEnd(choices.frontEnd ?? {}, card.frontEnd);
  return { ...choices, ...network, frontEnd };
}

/** @throws {SettingError} for the first value that is not the one that the run has. */
function refuseOther<Values extends object>(
  init: string,
  said: Partial<Values>,
  there: Partial<Values>,
): void {
  for (const name of Object.keys(said) as (keyof Values & string)[]) {
    if (JSON.stringify(said[name]) === JSON.stringify(there[name])) continue;
    throw new SettingError(
      `start from ${init}`,
      name,
      `as it is there, ${there[name]}`,
      said[name],
    );
  }
}

/** Weights that a run begins with, and what a person should know of them. */
export interface InitialWeights {
  /** Every weight of the network. */
  readonly weights: readonly Weight[];
  /** Lines about where they come from. */
  readonly notes: readonly string[];
}

/**
 * The weights that a run begins with: drawn from its seed, or those of the run that it starts from. Where that
 * one's classes are others, the last layer is drawn all the same.
 *
 * @throws {RunError} where that run is gone, or its weights have changed or are those of another network.
 */
export async function initialWeights(config: RunConfig): Promise<InitialWeights> {
  const { network, classes, recipe: { seed }, init, freeze, initRate } = config;
  const drawn = createInitialWeights(network, seed);
  if (init === null) return { weights: drawn, notes: [] };
  const { card, weights: kept } = await readModel(init.run);
  if (await hashWeights(init.run) !== init.weights) {
    throw new RunError(
      `Cannot start from ${init.run} as its weights must be as they were when this run began`,
    );
  }
  const isAlike = haveSameOutputs({ network, classes }, card);
  const { name: last } = network.nodes[network.nodes.length - 1];
  try {
    const weights = drawn.map((weight) =>
      !isAlike && weight.name.startsWith(`${last}/`) ? weight : findWeight(kept, weight)
    );
    const what = isAlike ? "all layers" : "all layers but the last, as its classes are others";
    const frozen = freeze === 0
      ? ""
      : `; the first ${
        freeze === 1 ? "block stays as it is" : `${freeze} blocks stay as they are`
      }`;
    const slow = initRate === 1 ? "" : `; all but the last learn at ${initRate} of the rate`;
    return { weights, notes: [`starts from ${init.run}: ${what}${frozen}${slow}`] };
  } catch (cause) {
    const message = `Cannot start from ${init.run}: ${(cause as Error).message}`;
    throw new RunError(message, { cause });
  }
}

function haveSameOutputs(
  { network, classes }: { readonly network: Network; readonly classes: readonly string[] },
  card: ModelCard,
): boolean {
  return outputOf(network).activation === outputOf(card.network).activation &&
    JSON.stringify(classes) === JSON.stringify(card.classes);
}
