/// <reference lib="dom" />
/** What runs in the page to try a model: takes sound, has a thread hear it, and shows what was heard. */
import { formatDuration, formatShare, holdUnits, plural } from "../../report/format.ts";
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
let numSounds = 0;
const shelf: ShelfEntry[] = [];
/** What the page shows. */
let shown: ShelfEntry | undefined;
/** What the thread hears; the others wait. */
let heard: ShelfEntry | undefined;
let showsAll = false;

// Words

function say(words: string, isWrong = false): void {
  at("said").textContent = words;
  at("said").classList.toggle("wrong", isWrong);
}

// Sound in

/** Takes sounds, shows the first of them and hears it at once; the others follow. */
function take(sounds: readonly { readonly name: string; readonly blob: Blob }[]): void {
  if (!about) return;
  if (sounds.length === 0) return say("That was no file.", true);
  const { card } = about;
  const entries = sounds.map(({ name, blob }) => ({
    name,
    blob,
    sound: new Sound(++numSounds, name, card),
  }));
  shelf.push(...entries);
  choose(entries[0]);
}

const takeFiles = (files: Iterable<File>) =>
  take(Array.from(files, (file) => ({ name: file.name, blob: file })));

function choose(entry: ShelfEntry): void {
  shown = entry;
  if (player.src) URL.revokeObjectURL(player.src);
  player.src = URL.createObjectURL(entry.blob);
  player.hidden = false;
  if (entry.sound.said === undefined && entry !== heard) hear(entry);
  else if (!entry.sound.picture) look(entry.sound.selected ?? 0);
  say(entry.sound.words, entry.sound.isWrong);
  for (const id of ["times", "answer", "pictures"]) at(id).hidden = true;
  showShelf(shelf, shown, choose);
  drawSoon();
}

/** Has a sound heard from its beginning; one that is being heard waits. */
function hear(entry: ShelfEntry): void {
  heard = entry;
  entry.sound = new Sound(++numSounds, entry.name, about!.card);
  send({ kind: "hear", soundId: entry.sound.id, name: entry.name, blob: entry.blob });
}

/** A sound is done, and the next that waits is heard. */
function goOn({ sound }: ShelfEntry): void {
  if (sound === shown?.sound) say(sound.words, sound.isWrong);
  showShelf(shelf, shown, choose);
  heard = shelf.find((entry) => entry.sound.said === undefined);
  if (heard) hear(heard);
}

// What was heard

thread.onmessage = ({ data }: MessageEvent<FromPageWorker>) => {
  if (data.kind === "ready") return begin(data.about);
  if (data.kind === "broken") return say(data.message, true);
  if (data.kind === "picture") {
    if (data.soundId === shown?.sound.id) shown.sound.picture = data;
    return drawSoon();
  }
  if (!heard || data.soundId !== heard.sound.id) return; // of one that was left
  const { sound } = heard;
  switch (data.kind) {
    case "window":
      sound.windows.push(data.window);
      if (heard !== shown) return;
      if (sound.windows.length === 1) look(0);
      else say(`Listening to ${sound.name}: ${clock(data.window.endSeconds)} heard…`);
      break;
    case "event":
      sound.events.push(data.event);
      break;
    case "heard": {
      const { mean } = data;
      const said = mean ? describeAnswer(mean, about!) : "could not be read";
      sound.end(said, describeEnd(sound, said, data), { mean, isWrong: !mean });
      goOn(heard);
      break;
    }
    case "failed":
      sound.end("could not be read", data.message, { isWrong: true });
      goOn(heard);
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
  const refit = card.refitClips === undefined || accuracy === ""
    ? ""
    : ` before ${numModels === 1 ? "it" : "they"} learned from all`;
  at("engine").textContent = `Model: ${models}${accuracy}${refit}. Computed by ${engine}.`;
  at<HTMLButtonElement>("choose").disabled = false;
  at<HTMLButtonElement>("record").disabled = !hasMicrophone();
  say(
    hasMicrophone()
      ? "Ready."
      : "Ready. A browser gives the microphone to pages over HTTPS, or of this machine, alone.",
  );
}

function describeEnd(
  { name, windows }: Sound,
  said: string,
  { notes, elapsedMs }: Extract<FromPageWorker, { kind: "heard" }>,
): string {
  const lost = windows.filter(({ failure }) => failure !== undefined);
  const lostWords = lost.length === 0
    ? []
    : [`${plural(lost.length, "window")} could not be read: ${lost[0].failure}`];
  const took = `${formatDuration(windows.at(-1)!.endSeconds)} heard in ${
    formatDuration(elapsedMs / 1000)
  }`;
  return [
    `${name}: ${said} (${took}).`,
    ...notes.map((note) => holdUnits(`It is ${note}.`)),
    ...lostWords,
  ]
    .join(" ");
}

function look(index: number): void {
  const sound = shown?.sound, window = sound?.windows[index];
  if (window && !window.failure) send({ kind: "look", soundId: sound!.id, start: window.start });
}

/** Shows one window of a long sound, or, without a number, all of it. */
function select(index: number | undefined): void {
  if (!shown) return;
  shown.sound.selected = index;
  look(index ?? 0);
  const window = shown.sound.windows[index ?? 0];
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
  const sound = shown?.sound;
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
  const sound = shown?.sound;
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
    if (shown) select(shown.sound.indexAt((clientX - left) / width * shown.sound.seconds));
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
  if (!shown?.sound.isWrong) at("said").append(" This browser cannot play the file.");
  player.hidden = true;
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawSoon);
new ResizeObserver(drawSoon).observe(document.querySelector("main")!);

const isGpuAsked = new URL(location.href).searchParams.get("backend") === "webgpu";
send({
  ...{ kind: "open", data: globalThis.melstreamData, gpuAddress: threadAddress("gpu.js") },
  backend: isGpuAsked ? "webgpu" : "cpu",
});
