/// <reference lib="dom" />
/** The button that begins a recording, and ends it. */
import { at } from "./dom.ts";
import { type MicrophoneRecording, mostSeconds, startRecording } from "./microphone.ts";
import { clock } from "./plots.ts";

/** Makes it work. @param onRecorded Is given a WAV file, and what it is called. */
export function setUpRecordButton({ say, onRecorded }: {
  readonly say: (words: string, isWrong?: boolean) => void;
  readonly onRecorded: (name: string, blob: Blob) => void;
}): void {
  const button = at<HTMLButtonElement>("record"), level = at<HTMLMeterElement>("level");
  let recording: MicrophoneRecording | undefined, numRecordings = 0;

  async function begin(): Promise<void> {
    button.disabled = true; // the browser asks the person
    try {
      recording = await startRecording((peak, seconds) => {
        if (!recording) return; // its last blocks
        level.value = Math.min(1, peak);
        button.textContent = `Stop (${clock(seconds)})`;
        if (seconds >= mostSeconds) end();
      });
      button.textContent = "Stop";
      level.hidden = false;
      say("Recording…");
    } catch (error) {
      say(`Cannot record: ${(error as Error).message}`, true);
    }
    button.disabled = false;
  }

  async function end(): Promise<void> {
    const ended = recording;
    if (!ended) return;
    recording = undefined;
    button.textContent = "Record";
    level.hidden = true;
    onRecorded(`recording ${++numRecordings}`, await ended.stop());
  }

  button.addEventListener("click", () => recording ? end() : begin());
}
