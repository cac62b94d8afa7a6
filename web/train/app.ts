/// <reference lib="dom" />
/** What runs in the page that trains: asks the server where it is, shows that, and has it do what is pressed. */
import { formatShare } from "../../report/format.ts";
import type { HistoryRow } from "../../run/training/train_events.ts";
import { at } from "../app/dom.ts";
import type { NewestRun, RunState, SurveyState, TrainingState } from "../training_messages.ts";
import { look, nameOfFolder, setUpFolderChooser, showSurvey } from "./folder_chooser.ts";
import { scoreOfRow } from "./curves.ts";
import { ask, order } from "./server.ts";
import { isUnderWay, showNewest, showRun } from "./show_run.ts";

/** Between two questions where the server is. */
const pauseMs = 1000;

let run: RunState | undefined;
/** All epochs of it. */
let rows: HistoryRow[] = [];
let survey: SurveyState | undefined;
/** What was said last, so that a screen reader is told what is new alone. */
let said = "";

function say(words: string, isWrong = false): void {
  if (words === said) return;
  said = words;
  at("said").textContent = words;
  at("said").classList.toggle("wrong", isWrong);
}

const fail = (error: Error) => say(error.message, true);

// Where the server is

async function refresh(): Promise<void> {
  take(
    await ask<TrainingState>("state", {
      ...run && { run: run.id, rows: rows.length },
      ...survey?.held && { survey: survey.id },
    }),
  );
}

function take(state: TrainingState): void {
  const before = run;
  if (state.run?.id !== run?.id) rows = [];
  run = state.run;
  const held = survey?.id === state.survey?.id ? survey?.held : undefined;
  survey = state.survey && { ...state.survey, held: state.survey.held ?? held };
  if (run) {
    rows = [...rows.slice(0, run.firstRow), ...run.rows];
    at("newest").hidden = true;
    showRun(run, rows);
    if (run.status !== before?.status || run.rows.length > 0) say(describe(run));
  }
  // Nothing of a run is new: what was looked at is.
  if (survey?.held && !held && !isUnderWay(run)) say(`Looked at ${nameOfFolder(survey.path)}.`);
  const reason = survey ? showSurvey(survey) : "Choose a folder first.", isBusy = isUnderWay(run);
  at<HTMLButtonElement>("start").disabled = reason !== undefined || isBusy;
  at("start").textContent = survey && !reason ? `Train on ${nameOfFolder(survey.path)}` : "Train";
  at("start-words").textContent = isBusy
    ? "One run at a time: this one has to end first."
    : reason ?? "";
}

/** Where a run stands, in a few words. */
function describe({ status, failure, begun }: RunState): string {
  const last = rows.at(-1), score = last && scoreOfRow(last);
  const isRefit = last && score === undefined && begun && begun.numValidation > 0;
  const reached = isRefit
    ? ` Epoch ${last.epoch}, on all clips.`
    : last
    ? ` Epoch ${last.epoch}: ${formatShare(score ?? last.accuracy)}.`
    : "";
  switch (status) {
    case "starting":
      return "The run begins.";
    case "training":
      return `Training.${reached}`;
    case "stopping":
      return "It ends after this step.";
    case "stopped":
      return "Stopped; all is saved.";
    case "ended":
      return "Done: the model can be tried.";
    case "failed":
      return failure ?? "It failed.";
  }
}

async function follow(): Promise<void> {
  try {
    await refresh();
    if (said.startsWith("Cannot reach")) {
      say(run ? describe(run) : "Choose a folder of recordings.");
    }
  } catch (error) {
    const isLost = error instanceof TypeError; // a refusal is the server's own words
    say(isLost ? "Cannot reach the server: asking again." : (error as Error).message, true);
  }
  setTimeout(follow, document.hidden ? 5 * pauseMs : pauseMs);
}

// What is pressed

/** Has the server do something, and shows where it is then. */
async function act(path: string, query: Record<string, string> = {}): Promise<void> {
  try {
    take(await order<TrainingState>(path, query));
  } catch (error) {
    fail(error as Error);
  }
}

/** Begins, or goes on with, a run; the reader is led to it. */
async function begin(path: string, query?: Record<string, string>): Promise<void> {
  await act(path, query);
  if (isUnderWay(run)) at("run-heading").focus();
}

const valueOf = (id: string) => at<HTMLInputElement | HTMLSelectElement>(id).value;

at("start-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const path = survey?.path;
  begin("start", {
    ...path === undefined ? {} : { folder: path },
    ...valueOf("epochs") === "" ? {} : { epochs: valueOf("epochs") },
    ...{ seconds: valueOf("seconds"), recipe: valueOf("recipe") },
  });
});
for (const id of ["resume", "go-on"]) at(id).addEventListener("click", () => begin("resume"));
at("stop").addEventListener("click", () => act("stop"));
setUpFolderChooser({
  onFail: fail,
  async onLook(path) {
    try {
      await look(path);
      await refresh();
      at("survey").scrollIntoView({ behavior: "smooth" });
    } catch (error) {
      fail(error as Error);
    }
  },
});

say("Choose a folder of recordings.");
follow();
ask<NewestRun | null>("newest").then((newest) => !run && showNewest(newest), fail);
