import type { Annotation } from "../pipeline/annotation.ts";
import { createTone, encodeWav } from "./fixtures.ts";

/** A rate at which tones of 300 and 1,500 Hz are told apart, and nothing costs much. */
export const annotatedRateHz = 8000;

/** A recording of 24 s: tones at known times in faint noise, and what is where. */
export function createAnnotatedSound(
  index: number,
): { readonly samples: Float32Array; readonly annotations: Annotation[] } {
  const samples = Float32Array.from(
    { length: 24 * annotatedRateHz },
    (_, i) => 0.004 * Math.sin(i * i * (index + 1)),
  );
  const annotations: Annotation[] = [];
  for (let k = 0; k < 6; k++) {
    // Half seconds, at another place in each recording.
    const startSeconds = 1.5 + 3.5 * k + 0.25 * (index % 4), label = k % 2 === 0 ? "low" : "high";
    const tone = createTone(label === "low" ? 300 : 1500, `${index} ${k}`);
    const start = startSeconds * annotatedRateHz;
    samples.set(tone.subarray(0, annotatedRateHz / 2), start);
    annotations.push({ startSeconds, endSeconds: startSeconds + 0.5, label });
  }
  return { samples, annotations };
}

/** Writes so many recordings to `DIR/data` and their annotations to `DIR/annotations.csv`. */
export async function writeAnnotatedRecordings(dir: string, count: number): Promise<void> {
  await Deno.mkdir(`${dir}/data`);
  let csv = "filename,start,end,label\n";
  for (let i = 0; i < count; i++) {
    const { samples, annotations } = createAnnotatedSound(i);
    await Deno.writeFile(`${dir}/data/${i}.wav`, encodeWav(samples, annotatedRateHz));
    for (const { startSeconds, endSeconds, label } of annotations) {
      csv += `${i}.wav,${startSeconds},${endSeconds},${label}\n`;
    }
  }
  await Deno.writeTextFile(`${dir}/annotations.csv`, csv);
}
