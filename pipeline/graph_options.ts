/** What a feature graph is made with, and what comes out of it. */
import type {
  AugmentationDraw,
  AugmentPolicy,
  PaddingDraw,
  ResizedCropDraw,
  SpecAugmentDraw,
  SpecAugmentSettings,
} from "./augment/augment.ts";
import type { CopySettings } from "./augment/copy_settings.ts";
import type { AudioCache } from "./cache/audio_cache.ts";
import type { DecodedAudio } from "./decode/audio.ts";
import type { Dsp } from "./dsp/dsp.ts";
import type { FrontEnd } from "./front_end.ts";
import type { ClipFailure, ClipTrace } from "./graph_stage.ts";
import type { OpenLocation } from "./locations/byte_source.ts";
import type { Location } from "./locations/location.ts";
import type { Patience } from "./locations/patience.ts";
import type { FeatureRequest } from "./requests.ts";

/** What a graph computes; plain data, so that it can be sent to a worker. */
export interface FeatureGraphOptions extends Partial<CopySettings> {
  /** What the features are. */
  readonly frontEnd: FrontEnd;
  /** Key of every random draw. */
  readonly seed: number;
  /** What the augmented copies (`copy` ≥ 1) draw from; without it the augment stage is left out. */
  readonly augment?: AugmentPolicy;
  /** `forward`: clips of one recording come one after the other; see `ClipReaderOptions`. @default {"any"} */
  readonly order?: "any" | "forward";
  /** How the augmented copies' features are masked; without it they are not. */
  readonly specAugment?: SpecAugmentSettings;
  /** The recordings that `background-noise` draws from. */
  readonly background?: readonly Location[];
}

/** What makes an embedding of a clip. */
export interface ClipEmbedder {
  /** Numbers of an embedding. */
  readonly size: number;
  /**
   * Makes one.
   *
   * @param samples At the front end's rate; not changed.
   * @param out Receives it.
   */
  embed(samples: Float32Array, out: Float32Array): Promise<void>;
}

/** What a graph is given by the platform it runs on. */
export interface FeatureGraphParts {
  /** The thread's DSP kernels; copies of the graph may share them. */
  readonly dsp: Dsp;
  /** Opens recordings. */
  readonly open: OpenLocation;
  /** Where decoded audio is kept; without it every clip is decoded whenever it is asked for. */
  readonly cache?: AudioCache;
  /** How long recordings behind a network are waited for. @default {defaultPatience} */
  readonly patience?: Patience;
  /** Makes the features, in the place of the log-mel spectrogram. */
  readonly embedder?: ClipEmbedder;
  /** Is told every second that bytes are still waited for. */
  readonly onWaiting?: () => void;
  /** Is told what a person should know and no clip is to blame for, perhaps repeatedly. */
  readonly onNotice?: (message: string) => void;
  /** Is shown what a clip is like on its way. */
  readonly tap?: (request: FeatureRequest, seen: GraphTap) => void;
}

/** What a clip is like behind a stage. Arrays are used again: who wants to keep one copies it. */
export type GraphTap =
  /** What was read of the recording, at its own rate, and where in it that begins. */
  | { readonly stage: "decode"; readonly audio: DecodedAudio; readonly startSeconds: number }
  /** The clip as every copy of it begins, at the front end's rate. */
  | { readonly stage: "window"; readonly samples: Float32Array }
  /** How the copy's short sound was filled up to a clip. */
  | { readonly stage: "pad"; readonly draw: PaddingDraw; readonly samples: Float32Array }
  /** What was drawn, and what it made of the clip. */
  | {
    readonly stage: "augment";
    readonly draw: AugmentationDraw;
    readonly samples: Float32Array;
  }
  /** Which part of the features is stretched to the whole. */
  | { readonly stage: "resize"; readonly draw: ResizedCropDraw }
  /** Which cells of the features are masked. */
  | { readonly stage: "mask"; readonly draw: SpecAugmentDraw };

/** What leaves the graph: the features, or why there are none. */
export type FeatureResult =
  | {
    readonly kind: "features";
    readonly request: FeatureRequest;
    /** `[melBands, numFrames]`, row-major, in dB; or the embedding. */
    readonly features: Float32Array;
    readonly trace: ClipTrace;
  }
  | { readonly kind: "failure"; readonly failure: ClipFailure; readonly trace: ClipTrace };
