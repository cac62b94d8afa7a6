/**
 * What runs in the page of segments: shows one, plays it, takes the answer, and goes on with the next that has
 * none. `review_page.ts` puts it there, with what it imports, and makes the elements that it finds by their ids.
 */
import { allLabels, countByScore, createTable, data } from "./review_answers.js";
import { keepState, nextOpen, segments, state } from "./review_answers.js";
import { addressOf, formatSeconds, formatShare, formatTime, timeMarks } from "./review_words.js";

const at = (id) => document.getElementById(id);

let current = nextOpen(-1);

// Answers

function answer(verdict, label) {
  if (current < 0) return;
  const isSame = verdict === "other" && label === segments[current].label;
  state.answers[current] = isSame ? { verdict: "right" } : { verdict, label };
  const words = isSame || verdict === "right" ? "Right" : verdict === "wrong" ? "Wrong" : label;
  goOn(`${words}: ${describe(segments[current])}.`);
}

function skip() {
  if (current >= 0) goOn("Skipped.");
}

function goOn(words) {
  state.past.push(current);
  current = nextOpen(current);
  update(words);
  play();
}

function takeBack() {
  const last = state.past.pop();
  if (last === undefined) return say("There is nothing to take back.");
  delete state.answers[last];
  current = last;
  update("Taken back.");
  play();
}

function play() {
  if (current < 0) return;
  const sound = at("sound");
  sound.currentTime = 0;
  sound.play().catch(() => {}); // the browser waits for a first key or click, or the file is gone
}

// What is shown

function keep() {
  if (keepState()) return;
  at("saved").textContent = "This browser keeps no answers: save them before you leave the page.";
}

function update(words = "") {
  keep();
  showSegment();
  showLabels();
  showScores();
  say(words);
}

function say(words) {
  const next = current < 0 ? "" : ` ${at("question").textContent}`;
  at("said").textContent = words && words + next;
}

function describe({ label, probability }) {
  return `${label}, ${formatShare(probability)}`;
}

function showSegment() {
  const numDone = Object.keys(state.answers).length;
  at("progress").max = segments.length;
  at("progress").value = numDone;
  at("done").textContent = `${numDone} of ${segments.length} answered`;
  at("undo").disabled = state.past.length === 0;
  at("segment").hidden = at("other").hidden = current < 0;
  if (current < 0) {
    at("sound").pause();
    at("question").textContent = "All are answered";
    at("origin").textContent = "Save the labels below, or take answers back.";
    return;
  }
  const segment = segments[current], { start, end, clipStart, clipEnd } = segment;
  at("question").textContent = `Is this ${segment.label}?`;
  at("origin").textContent = `Score ${formatShare(segment.probability)} · ${segment.filename}, ${
    formatTime(start)
  } to ${formatTime(end)}${end > clipEnd ? `; the clip ends at ${formatTime(clipEnd)}` : ""}`;
  if (at("sound").dataset.clip === segment.clip) return;
  at("sound").dataset.clip = segment.clip;
  at("sound").src = addressOf(segment.clip);
  at("image").src = addressOf(segment.picture);
  at("picture").setAttribute(
    "aria-label",
    `Mel spectrogram of ${formatSeconds(clipEnd - clipStart)}; the event lasts from ` +
      `${formatSeconds(start - clipStart)} to ${formatSeconds(Math.min(end, clipEnd) - clipStart)}`,
  );
  const share = (seconds) => Math.min(1, (seconds - clipStart) / (clipEnd - clipStart));
  for (const mark of [at("span"), at("event")]) {
    mark.style.left = `${100 * share(start)}%`;
    mark.style.width = `${100 * (share(end) - share(start))}%`;
  }
  at("heights").replaceChildren(...data.marks[segment.sampleRateHz].map(({ name, height }) => {
    const mark = element("span", name);
    mark.style.bottom = `${100 * height}%`;
    return mark;
  }));
  at("times").replaceChildren(
    ...timeMarks(clipEnd - clipStart).map((seconds) => {
      const mark = element("span", formatSeconds(seconds));
      mark.style.left = `${100 * seconds / (clipEnd - clipStart)}%`;
      return mark;
    }),
  );
  preload(nextOpen(current));
}

/** Has the browser fetch what comes next. */
function preload(place) {
  if (place < 0) return;
  new Image().src = addressOf(segments[place].picture);
}

function showLabels() {
  const labels = allLabels();
  at("known").replaceChildren(...labels.map((label) => {
    const option = document.createElement("option");
    option.value = label;
    return option;
  }));
  at("labels").replaceChildren(
    ...labels.slice(0, 9).map((label, i) => {
      const button = element("button", label);
      button.type = "button";
      button.append(element("kbd", String(i + 1)));
      button.setAttribute("aria-keyshortcuts", String(i + 1));
      onPress(button, () => answer("other", label));
      return button;
    }),
  );
}

function showScores() {
  const rows = countByScore(at("of").value).map((counts) => {
    const { range, numEvents, numSegments, numAnswered, numRight } = counts;
    const share = numAnswered === 0 ? "–" : formatShare(numRight / numAnswered);
    return [range, numEvents, `${numAnswered} of ${numSegments}`, numRight, share];
  });
  at("scores").replaceChildren(
    ...rows.toReversed().map((cells) => {
      const row = document.createElement("tr");
      row.append(...cells.map((cell) => element("td", String(cell))));
      return row;
    }),
  );
}

// Saving

function save(name) {
  const { numRows, numLabels, text } = createTable(name);
  if (numRows === 0) {
    at("saved").textContent = "There is nothing to save yet.";
    return;
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = `${name}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  const numLeftOut = Object.keys(state.answers).length - numRows;
  at("saved").textContent = `Saved ${name}.csv: with a label ${numRows}` +
    (numLeftOut > 0 ? `, left out ${numLeftOut}` : "") +
    (numLabels > 1 ? "" : ". A model needs two labels: say above what wrong ones are.");
}

function element(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

// Keys and buttons

/** A press with the mouse gives the keys back to the page, so that Space does not press again. */
function onPress(button, act) {
  button.addEventListener("click", ({ detail }) => {
    act();
    if (detail > 0) button.blur();
  });
}

const keys = {
  ArrowRight: () => answer("right"),
  y: () => answer("right"),
  ArrowLeft: () => answer("wrong"),
  n: () => answer("wrong"),
  " ": play,
  s: skip,
  u: takeBack,
  Backspace: takeBack,
  l: () => at("name").focus(),
};

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || !at("keys").checked) return;
  if (target.closest("input:not([type=checkbox]), select, textarea, audio")) return;
  if (key === " " && target.closest("button, input")) return; // presses that
  const label = /^[1-9]$/.test(key) ? allLabels()[key - 1] : undefined;
  const act = label === undefined
    ? keys[key.length === 1 ? key.toLowerCase() : key]
    : () => answer("other", label);
  if (!act) return;
  event.preventDefault();
  if (!event.repeat) act();
});

onPress(at("right"), () => answer("right"));
onPress(at("wrong"), () => answer("wrong"));
onPress(at("again"), play);
onPress(at("skip"), skip);
onPress(at("undo"), takeBack);
onPress(at("save-labels"), () => save("labels"));
onPress(at("save-annotations"), () => save("annotations"));
at("other").addEventListener("submit", (event) => {
  event.preventDefault();
  const label = at("name").value.trim().normalize("NFC");
  if (label === "") return;
  at("name").value = "";
  at("name").blur();
  answer("other", label);
});
at("name").addEventListener("keydown", ({ key }) => key === "Escape" && at("name").blur());
at("background").addEventListener("input", () => {
  state.background = at("background").value.trim().normalize("NFC");
  keep();
});
at("of").addEventListener("change", showScores);
at("sound").addEventListener("play", followSound);

/** Moves the line in the picture while the sound plays. */
function followSound() {
  const { currentTime, duration, paused } = at("sound");
  at("head").style.left = `${100 * (duration > 0 ? currentTime / duration : 0)}%`;
  if (!paused) requestAnimationFrame(followSound);
}

at("background").value = state.background;
at("of").append(...data.labels.map((label) => element("option", label)));
update();
