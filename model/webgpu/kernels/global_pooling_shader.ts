/** Text of the shaders that pool the last block's output and spread the gradient: see `globalPoolings`. */
import type { GlobalPooling } from "../../conv_network.ts";

/** Writes the pooled value of channel i, and with `mean-max` the frame that has the maximum. */
export const poolChannel: Readonly<Record<GlobalPooling, string>> = {
  mean: `
    var sum = 0.0;
    for (var pixel = 0; pixel < uniforms.pixels; pixel++) {
      sum += input[(example * uniforms.pixels + pixel) * uniforms.channels + i];
    }
    result[row + uniforms.pooledAt + i] = sum / f32(uniforms.pixels);`,
  // The first of the largest frames is the peak, as in PyTorch's max(dim).
  "mean-max": `
    var sum = 0.0;
    var largest = 0.0;
    var peak = 0;
    for (var column = 0; column < uniforms.columns; column++) {
      var frame = 0.0;
      for (var pixel = column; pixel < uniforms.pixels; pixel += uniforms.columns) {
        frame += input[(example * uniforms.pixels + pixel) * uniforms.channels + i];
      }
      sum += frame;
      if (column == 0 || frame > largest) {
        largest = frame;
        peak = column;
      }
    }
    result[row + uniforms.pooledAt + i] =
      (sum + largest * f32(uniforms.columns)) / f32(uniforms.pixels);
    result[row + uniforms.peakAt + i] = f32(peak);`,
};

/** `share`: what one position of a channel has of the gradient of its pooled value. */
export const positionShare: Readonly<Record<GlobalPooling, string>> = {
  mean: "let share = uniforms.share;",
  "mean-max": `
  let column = (index / uniforms.channels) % uniforms.columns;
  let isPeak = column == i32(rows[row + uniforms.peak + channel]);
  let share = uniforms.share + select(0.0, uniforms.peakShare, isPeak);`,
};
