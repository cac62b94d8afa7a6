/** What the page that trains asks for: looks at folders, and runs, one at a time. */
import { basename, join } from "../../deps/std_path.ts";
import { readConfig } from "../../run/config/config_file.ts";
import { RunError } from "../../run/run_error.ts";
import { hasEnded, newestRun, runsFolder } from "../../run/run_folder.ts";
import type { MachineSettings } from "../../run/config/run_settings.ts";
import type { NewestRun, TrainingState } from "../../web/training_messages.ts";
import { HttpError } from "../http_error.ts";
import { FolderTree } from "./folder_tree.ts";
import type { ToTrainingWorker } from "./protocol.ts";
import type { StartChoices } from "./start_settings.ts";
import { SurveyJob } from "./survey_job.ts";
import { TrainingJob } from "./training_job.ts";

/** What may be trained on, and where. */
export interface TrainingOptions {
  /** The folder whose recordings, and those of the folders in it, may be trained on. */
  readonly root: string;
  /** The folder of runs. @default {runsFolder} */
  readonly runs?: string;
  /** Where the work runs. */
  readonly machine?: Partial<MachineSettings>;
}

/** What the page knows already. */
export interface KnownState {
  /** A look at a folder: what that holds. */
  readonly survey?: number;
  /** A run. */
  readonly run?: number;
  /** Epochs of it. */
  readonly rows?: number;
}

/** One for all who have the page open: what one of them begins, the others see. */
export class TrainingDesk {
  /** The folders that may be chosen. */
  readonly tree: FolderTree;
  /** The folder of runs. */
  readonly runs: string;
  readonly #machine: Partial<MachineSettings>;
  #survey?: SurveyJob;
  #job?: TrainingJob;
  #numJobs = 0;
  #numSurveys = 0;
  #isClosed = false;

  /** With nothing under way. */
  constructor({ root, runs = runsFolder, machine = {} }: TrainingOptions) {
    this.tree = new FolderTree(root);
    this.runs = runs;
    this.#machine = machine;
  }

  /** What is under way, without what the page knows. */
  state(known: KnownState): TrainingState {
    const job = this.#job, numRows = job && known.run === job.id ? known.rows ?? 0 : 0;
    const survey = this.#survey;
    return { survey: survey?.state(known.survey === survey.id), run: job?.state(numRows) };
  }

  /** The page that `inspect` makes of the folder that was looked at last. @throws {HttpError} 404 before. */
  get surveyPage(): string {
    const page = this.#survey?.page;
    if (page === undefined) throw new HttpError(404, "Cannot show a folder as none is looked at");
    return page;
  }

  /**
   * Begins to look at a folder; a look that is under way is left.
   *
   * @param path See `StartChoices.folder`.
   * @throws {HttpError} as `FolderTree.resolve` does.
   */
  async look(path: string | undefined): Promise<void> {
    const dir = path === undefined ? undefined : await this.tree.resolve(path);
    this.#survey?.close();
    this.#survey = new SurveyJob(++this.#numSurveys, path, dir);
  }

  /**
   * Begins a run.
   *
   * @throws {HttpError} 409 where one is under way, and as `FolderTree.resolve` does.
   */
  async start({ folder, epochs, seconds, recipe }: Partial<StartChoices>): Promise<void> {
    const data = folder === undefined ? undefined : await this.tree.resolve(folder);
    const words = { data, recipe, durationSeconds: seconds };
    const said = { words, recipe: epochs === undefined ? {} : { epochs } };
    this.#begin({ kind: "train", said, runs: this.runs, machine: this.#machine });
  }

  /**
   * Goes on with the newest run.
   *
   * @throws {HttpError} 409 where one is under way, or it is none to go on with; 404 where there is none.
   */
  async resume(): Promise<void> {
    const newest = await this.newest();
    if (!newest) throw new HttpError(404, `Cannot go on with a run as ${this.runs} has none`);
    const { name, cannotResume: reason = newest.hasEnded ? "it has ended" : undefined } = newest;
    if (reason) throw new HttpError(409, `Cannot go on with ${name}: ${reason}`);
    this.#begin({ kind: "resume", out: join(this.runs, name), machine: this.#machine });
  }

  /** Ends the run under way after its step; it can be gone on with. @throws {HttpError} 409 where there is none. */
  stop(): void {
    if (!this.#job?.isUnderWay) throw new HttpError(409, "Cannot stop as no run is under way");
    this.#job.stop();
  }

  /** The newest run in the folder of runs, whoever began it. */
  async newest(): Promise<NewestRun | undefined> {
    try {
      const dir = await newestRun("config", this.runs), ended = await hasEnded(dir);
      return {
        name: basename(dir),
        hasEnded: ended,
        cannotResume: ended ? undefined : await this.#reasonAgainst(dir),
      };
    } catch (error) {
      if (error instanceof RunError) return undefined;
      throw error;
    }
  }

  /** Ends what is under way: a run is saved. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#survey?.close();
    await this.#job?.stop();
  }

  /** Why the page cannot go on with a run that has not ended. */
  async #reasonAgainst(dir: string): Promise<string | undefined> {
    try {
      const { data, folds, ensemble } = await readConfig(`${dir}/config.json`);
      const whole = `melstream train --resume ${dir}`;
      if (folds !== null) return `it is a cross-validation, which ${whole} goes on with`;
      if (ensemble !== null) return `it is an ensemble, which ${whole} goes on with`;
      if (data === null || await this.tree.holds(data)) return undefined;
      return `its recordings, ${data}, are not in the folder that this server may train on`;
    } catch (error) {
      return (error as Error).message;
    }
  }

  #begin(order: Extract<ToTrainingWorker, { kind: "train" | "resume" }>): void {
    if (this.#job?.isUnderWay) {
      throw new HttpError(409, "Cannot train now as one run is under way, and one at a time is");
    }
    if (this.#isClosed) throw new HttpError(503, "Cannot train as the server is being stopped");
    this.#job = new TrainingJob(++this.#numJobs, order);
  }
}
