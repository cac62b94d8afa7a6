/** Between the page and the thread that computes for it. */
import type { DecisionOptions } from "../model/decision.ts";
import type { Engine } from "../model/engine.ts";
import type { ModelCard } from "../model/model_card.ts";

/** A saved model as the page carries it. */
export interface PagedModel {
  /** The text of its `model.json`. */
  readonly modelJson: string;
  /** Its `weights.bin`, in Base64. */
  readonly weights: string;
}

/** What the page carries beside its program: plain data. */
export interface PageData {
  /** The models; of several the probabilities are averaged. */
  readonly models: readonly PagedModel[];
  /** How labels are decided on. */
  readonly decision: Partial<DecisionOptions>;
}

/** To the thread. */
export type ToPageWorker =
  /** Opens the models: the first message. */
  | {
    readonly kind: "open";
    readonly data: PageData;
    /** The address of the GPU's engine. */
    readonly gpuAddress: string;
    /** What is to compute: the CPU, which has begun before a GPU has compiled its shaders, or a GPU. */
    readonly backend: Engine["name"];
  }
  /** Hears all of a sound; one that is being heard is left. */
  | { readonly kind: "hear"; readonly soundId: number; readonly name: string; readonly blob: Blob }
  /** Looks at one window of a sound. */
  | { readonly kind: "look"; readonly soundId: number; readonly start: number };

/** What the page says of the models. */
export interface AboutModels {
  /** The first one's. */
  readonly card: ModelCard;
  /** Their number. */
  readonly numModels: number;
  /** Labels that are given out, in the order of their probabilities' classes. */
  readonly labels: readonly string[];
  /** What computes, in words. */
  readonly engine: string;
}

/** What was said of a sound, or of a part of it. */
export interface Answer {
  /** Of every class. */
  readonly probabilities: Float64Array;
  /** What it is labelled as. */
  readonly labels: readonly string[];
}

/** A window, and what its sound looks like. Times are in seconds. */
export interface HeardWindow {
  /** In samples at the front end's rate. */
  readonly start: number;
  /** Its beginning in the sound. */
  readonly startSeconds: number;
  /** Its end: that of the sound, where it ends in the window. */
  readonly endSeconds: number;
  /** Absent where it could not be read. */
  readonly answer?: Answer;
  /** Why it could not be read. */
  readonly failure?: string;
  /** The lowest and the highest sample of each of some equal parts of it, one after the other. */
  readonly envelope: Float32Array;
}

/** Neighbouring windows of one label. Times are in seconds. */
export interface HeardEvent {
  /** Where the first begins. */
  readonly startSeconds: number;
  /** Where the last ends. */
  readonly endSeconds: number;
  /** That label. */
  readonly label: string;
  /** The mean of its windows'. */
  readonly probability: number;
}

/** From the thread. */
export type FromPageWorker =
  | { readonly kind: "ready"; readonly about: AboutModels }
  /** The models cannot be used here. */
  | { readonly kind: "broken"; readonly message: string }
  | { readonly kind: "window"; readonly soundId: number; readonly window: HeardWindow }
  | { readonly kind: "event"; readonly soundId: number; readonly event: HeardEvent }
  /** All of a sound was heard. */
  | {
    readonly kind: "heard";
    readonly soundId: number;
    /** The mean of its windows; absent where none could be read. */
    readonly mean?: Answer;
    readonly notes: readonly string[];
    readonly elapsedMs: number;
  }
  /** A sound could not be heard. */
  | { readonly kind: "failed"; readonly soundId: number; readonly message: string }
  /** What the model sees of a window. */
  | {
    readonly kind: "picture";
    readonly soundId: number;
    readonly start: number;
    /** `[melBands, numFrames]`, in dB. */
    readonly features: Float32Array;
    /** At the front end's rate, as long as the model hears. */
    readonly samples: Float32Array;
  };
