/// <reference lib="dom" />
/** What runs in the page to try a model: takes sound, has a thread hear it, and shows what was heard. */
import { formatDuration, formatShare, plural } from "../../report/format.ts";
import type { AboutModels, FromPageWorker, PageData, ToPageWorker } from "../messages.ts";
import { describeAnswer, showBars } from "./bars.ts";
import { at } from "./dom.ts";
import { hasMicrophone } from "./microphone.ts";
import { setUpRecordButton } from "./record_button.ts";
import { type ShelfEntry, showShelf } from "./shelf.ts";
import { Sound } from "./sound.ts";
import { clock, drawLegend, setHead } from "./plots.ts";
import { showPictures, showTimes } from "./show_sound.ts";
import { threadAddress } from "./threads.ts";

declare global {
  /** The models. */
  var melstreamData: PageData;
}

const thread = new Worker(threadAddress("worker.js"));
const send = (message: ToPageWorker) => thread.postMessage(message);
const player = at<HTMLAudioElement>("sound");

let about: AboutModels | undefined;
let sound: Sound | undefined;
let numSounds = 0;
const shelf: ShelfEntry[] = [];
/** The one that is heard, or was last. */
let heardEntry: ShelfEntry | undefined;
let showsAll = false;

// Words

function say(words: string, isWrong = false): void {
  at("said").textContent = words;
  at("said").classList.toggle("wrong", isWrong);
}

// Sound in

function hear(entry: ShelfEntry): void {
  if (!about) return;
  sound = new Sound(++numSounds, entry.name, about.card);
  heardEntry = entry;
  if (player.src) URL.revokeObjectURL(player.src);
  player.src = URL.createObjectURL(entry.blob);
  player.hidden = false;
  for (const id of ["times", "answer", "pictures"]) at(id).hidden = true;
  say(`Listening to ${entry.name}…`);
  showShelf(shelf, entry, hear);
  send({ kind: "hear", soundId: sound.id, name: entry.name, blob: entry.blob });
}

/** Takes sounds, and hears the first of them at once; the others follow. */
function take(sounds: readonly { readonly name: string; readonly blob: Blob }[]): void {
  if (!about) return;
  if (sounds.length === 0) return say("That was no file.", true);
  const entries = sounds.map((sound): ShelfEntry => ({ ...sound }));
  shelf.push(...entries);
  hear(entries[0]);
}

const takeFiles = (files: Iterable<File>) =>
  take(Array.from(files, (file) => ({ name: file.name, blob: file })));

/** A sound is done: what was said of it is kept, and the next that waits is heard. */
function finish(said: string, isWrong: boolean): void {
  Object.assign(heardEntry!, { said, isWrong });
  showShelf(shelf, heardEntry, hear);
  const next = shelf.find((entry) => entry.said === undefined);
  if (next) hear(next);
}

// What was heard

thread.onmessage = ({ data }: MessageEvent<FromPageWorker>) => {
  if (data.kind === "ready") return begin(data.about);
  if (data.kind === "broken") return say(data.message, true);
  if (!sound || data.soundId !== sound.id) return;
  switch (data.kind) {
    case "window":
      sound.windows.push(data.window);
      if (sound.windows.length === 1) look(0);
      else if (!sound.isDone) {
        say(`Listening to ${sound.name}: ${clock(data.window.endSeconds)} heard…`);
      }
      break;
    case "event":
      sound.events.push(data.event);
      break;
    case "heard":
      sound.end(data.mean, data.notes);
      say(describeEnd(sound, data.elapsedMs));
      finish(data.mean ? describeAnswer(data.mean, about!) : "could not be read", !data.mean);
      break;
    case "failed":
      say(data.message, true);
      finish("could not be read", true);
      break;
    case "picture":
      sound.picture = data;
      break;
  }
  drawSoon();
};
thread.onerror = (event) => say(`The page's thread has failed: ${event.message}`, true);

function begin(opened: AboutModels): void {
  about = opened;
  const { card, engine, numModels } = opened;
  const accuracy = card.validationAccuracy === undefined
    ? ""
    : `, validation accuracy ${formatShare(card.validationAccuracy)}`;
  const models = numModels === 1 ? `epoch ${card.epoch}` : `the mean of ${numModels} models`;
  at("engine").textContent = `Model: ${models}${accuracy}. Computed by ${engine}.`;
  at<HTMLButtonElement>("choose").disabled = false;
  at<HTMLButtonElement>("record").disabled = !hasMicrophone();
  say(
    hasMicrophone()
      ? "Ready."
      : "Ready. A browser gives the microphone to pages over HTTPS, or of this machine, alone.",
  );
}

function describeEnd({ name, mean, windows, notes }: Sound, elapsedMs: number): string {
  const said = mean ? describeAnswer(mean, about!) : "nothing could be read";
  const lost = windows.filter(({ failure }) => failure !== undefined);
  const lostWords = lost.length === 0
    ? []
    : [`${plural(lost.length, "window")} could not be read: ${lost[0].failure}`];
  const took = `${formatDuration(windows.at(-1)!.endSeconds)} heard in ${
    formatDuration(elapsedMs / 1000)
  }`;
  return [`${name}: ${said} (${took}).`, ...notes.map((note) => `It is ${note}.`), ...lostWords]
    .join(" ");
}

function look(index: number): void {
  const window = sound?.windows[index];
  if (window && !window.failure) send({ kind: "look", soundId: sound!.id, start: window.start });
}

/** Shows one window of a long sound, or, without a number, all of it. */
function select(index: number | undefined): void {
  if (!sound) return;
  sound.selected = index;
  look(index ?? 0);
  const window = sound.windows[index ?? 0];
  if (player.paused && window) player.currentTime = window.startSeconds;
  drawSoon();
}

// Drawing

let isDrawing = false;

function drawSoon(): void {
  if (!isDrawing) requestAnimationFrame(draw);
  isDrawing = true;
}

function draw(): void {
  isDrawing = false;
  if (!sound || !about || sound.windows.length === 0) return;
  showTimes(sound, about);
  const { answer, title, note } = sound.shown();
  at("answer").hidden = answer === undefined;
  if (answer) {
    at("label").textContent = answer.labels.join(", ");
    at("label-note").textContent = `${title}: ${describeAnswer(answer, about)}${note}`;
    showBars(answer, about, showsAll);
  }
  showPictures(sound);
  drawLegend(about.card.frontEnd);
  moveHeads();
}

function moveHeads(): void {
  if (!sound || sound.windows.length === 0) return;
  const moment = player.currentTime, { seconds, picture } = sound;
  for (const id of ["overview", "timeline"]) {
    setHead(id, sound.isLong ? moment / seconds : undefined);
  }
  const { durationSeconds } = sound.card.frontEnd;
  const place = picture && (moment - sound.secondsAt(picture.start)) / durationSeconds;
  for (const id of ["waveform", "spectrogram"]) setHead(id, place);
}

function followPlayer(): void {
  moveHeads();
  if (!player.paused) requestAnimationFrame(followPlayer);
}

// Buttons and files

at("choose").addEventListener("click", () => at("file").click());
at<HTMLInputElement>("file").addEventListener("change", ({ target }) => {
  const field = target as HTMLInputElement;
  takeFiles(field.files ?? []);
  field.value = ""; // the same file may be chosen again
});
setUpRecordButton({ say, onRecorded: (name, blob) => take([{ name, blob }]) });
at("more").addEventListener("click", () => {
  showsAll = !showsAll;
  drawSoon();
});
at("place").addEventListener(
  "input",
  ({ target }) => select(Number((target as HTMLInputElement).value)),
);
at("whole").addEventListener("click", () => select(undefined));
for (const id of ["overview", "timeline"]) {
  at(id).querySelector(".view")!.addEventListener("click", (event) => {
    const { clientX, currentTarget } = event as MouseEvent;
    const { left, width } = (currentTarget as HTMLElement).getBoundingClientRect();
    if (sound) select(sound.indexAt((clientX - left) / width * sound.seconds));
  });
}
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  at("drop").classList.add("over");
});
document.addEventListener("dragleave", ({ relatedTarget }) => {
  if (!relatedTarget) at("drop").classList.remove("over");
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  at("drop").classList.remove("over");
  takeFiles(event.dataTransfer?.files ?? []);
});
player.addEventListener("play", followPlayer);
player.addEventListener("seeked", moveHeads);
player.addEventListener("error", () => {
  if (!heardEntry?.isWrong) at("said").append(" This browser cannot play the file.");
  player.hidden = true;
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawSoon);
new ResizeObserver(drawSoon).observe(document.querySelector("main")!);

const isGpuAsked = new URL(location.href).searchParams.get("backend") === "webgpu";
send({
  ...{ kind: "open", data: globalThis.melstreamData, gpuAddress: threadAddress("gpu.js") },
  backend: isGpuAsked ? "webgpu" : "cpu",
});
