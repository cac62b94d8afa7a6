/** What a run is: every option as resolved, enough to repeat it. It is the run's `config.json`. */
import type { Network } from "../../model/network.ts";
import type { Recipe } from "../../model/recipe.ts";
import type { AugmentPolicy, SpecAugmentSettings } from "../../pipeline/augment/augment.ts";
import type { FrontEnd } from "../../pipeline/front_end.ts";
import type { Columns } from "../../pipeline/sources/column_settings.ts";
import type { Fold } from "../../pipeline/split/folds.ts";
import type { ConfigBackbone } from "./backbone_choices.ts";
import type { RunSettings } from "./run_settings.ts";

/** Everything that decides what a run learns. */
export interface RunConfig extends RunSettings {
  /** Name and version of the program. */
  readonly program: string;
  /** The data set's folder, archive or manifest; null for the recordings that come along. */
  readonly data: string | null;
  /** The CSV file that labels them; null where folders do. */
  readonly labelsFile: string | null;
  /** The columns of the table that are read, as far as they were said. */
  readonly columns: Columns;
  /** What puts its clips in groups; null where nothing does. */
  readonly groups: string | null;
  /** Of its recordings, by `fingerprintOf`. */
  readonly fingerprint: string;
  /** The classes, sorted. */
  readonly classes: readonly string[];
  /** Those that are never given out as labels; null where there are none. */
  readonly backgroundClasses: readonly string[] | null;
  /** Which fold it validates on instead; null where it is not one of a cross-validation. */
  readonly fold: Fold | null;
  /** How many folds the cross-validation has whose folder this is; null where it is a single run. */
  readonly folds: number | null;
  /** How many members the ensemble has whose folder this is; null where it is a single run. */
  readonly ensemble: number | null;
  /** The run whose weights it starts from; null where they are drawn. */
  readonly init: InitialModel | null;
  /** The run whose validation clips are this one's, too: it starts from that; null where they are drawn. */
  readonly splitFrom: string | null;
  /** How it is trained. */
  readonly recipe: Recipe;
  /** What the augmented copies draw from. */
  readonly augment: AugmentPolicy;
  /** Where `background-noise` finds its recordings; null where it is not drawn. */
  readonly background: BackgroundSource | null;
  /** How the augmented copies' features are masked; null for not at all. */
  readonly specAugment: SpecAugmentSettings | null;
  /** How features are made. */
  readonly frontEnd: FrontEnd;
  /** The backbone whose embeddings are the features; null where they are log-mel spectrograms. */
  readonly backbone: ConfigBackbone | null;
  /** The network. */
  readonly network: Network;
}

/** A run whose weights another one starts from. */
export interface InitialModel {
  /** Its absolute path. */
  readonly run: string;
  /** Of its weights, by `hashWeights`. */
  readonly weights: string;
}

/** A folder of background recordings. */
export interface BackgroundSource {
  /** Its absolute path. */
  readonly dir: string;
  /** Of its recordings, by `fingerprintOf`. */
  readonly fingerprint: string;
}
