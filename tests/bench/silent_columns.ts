/**
 * What training would save that computed a clip's silent columns once and counted them, on paper: counted from
 * the default network's receptive fields and poolings. `docs/benchmarks/cpu_training.md` says how.
 *
 *     deno run -A tests/bench/silent_columns.ts [SECONDS ...]
 */
import { createConvNetwork } from "../../model/conv_network.ts";
import { chainOf } from "../../model/match_blocks.ts";
import { supportsOnCpu } from "../../model/cpu/supports_on_cpu.ts";
import { defaultFrontEnd, numFrames } from "../../pipeline/front_end.ts";
import { convolutionFlops } from "./train_profile.ts";

const { sampleRateHz, hopSamples, fftSize } = defaultFrontEnd;
const frames = numFrames(defaultFrontEnd);
const network = createConvNetwork({ melBands: 128, numFrames: frames, numClasses: 10 });
const { blocks } = chainOf(supportsOnCpu(network), "the CPU");

/** Columns of each block's convolution that must be computed, forward and backward. */
function columnsKept(seconds: number): { width: number; forward: number; backward: number }[] {
  // Frames whose window reaches into the sound.
  let sound = Math.ceil((seconds * sampleRateHz + fftSize / 2) / hopSamples), edge = 0;
  const forward = blocks.map(({ width }) => {
    // A convolution carries the sound, and the zeros beyond the last column, one column further.
    const zone = { width, sound: sound + 1, edge: edge + 1 };
    sound = Math.ceil(zone.sound / 2);
    edge = Math.ceil(zone.edge / 2);
    return zone;
  });
  // Backward the zones grow from the top: one column by the maximum over time, whose first silent frame may
  // be the peak, one by each convolution, and twofold by each pooling. Of equal maxima the first is chosen:
  // what is silent repeats every two columns in the last block, four in the one before.
  let fromAbove = { sound: 0, edge: 0 };
  const kept = forward.toReversed().map((zone, i) => {
    const soundZone = Math.max(zone.sound + (i === 0 ? 1 : 0), fromAbove.sound);
    const edgeZone = Math.max(zone.edge, fromAbove.edge);
    fromAbove = { sound: 2 * (soundZone + 1), edge: 2 * (edgeZone + 1) };
    const { width } = zone, most = (columns: number) => Math.min(width, columns);
    return {
      width,
      forward: most(zone.sound + zone.edge + 1),
      backward: most(soundZone + edgeZone + 2 ** (i + 1)),
    };
  });
  return kept.toReversed();
}

for (const seconds of Deno.args.length ? Deno.args.map(Number) : [1, 2, 3]) {
  const kept = columnsKept(seconds);
  let done = 0, whole = 0;
  kept.forEach(({ width, forward, backward }, i) => {
    const flops = convolutionFlops(blocks[i]), backwardPasses = i > 0 ? 2 : 1;
    done += flops * (forward + backwardPasses * backward) / width;
    whole += flops * (1 + backwardPasses);
  });
  const forward = kept.map(({ forward, width }) => `${forward}/${width}`).join("  ");
  const backward = kept.map(({ backward, width }) => `${backward}/${width}`).join("  ");
  const shorter = numFrames({ ...defaultFrontEnd, durationSeconds: seconds }) / frames;
  console.log(
    `${seconds} s: forward ${forward}; backward ${backward}; ` +
      `${(100 * done / whole).toFixed(0)} % of the convolutions' arithmetic, ` +
      `${(100 * shorter).toFixed(0)} % with clips of ${seconds} s`,
  );
}
