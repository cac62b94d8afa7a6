import { drawFrom, outFor, type Range, signed, type Transform } from "./transform.ts";

/** What time shift draws from. */
export interface TimeShiftSettings {
  /** Part of the clip's length, later where positive. @default {[-0.5, 0.5]} */
  readonly fraction: Range;
  /** What fills the gap: the other end of the clip, or silence. @default {"wrap"} */
  readonly fill: "wrap" | "silence";
}

/** Moved by `fraction` of the clip's length. */
export interface TimeShiftDraw {
  /** Name of the transform. */
  readonly kind: "time-shift";
  /** Part of the clip's length, later where positive. */
  readonly fraction: number;
  /** What fills the gap. */
  readonly fill: "wrap" | "silence";
}

/** Moves the clip by a whole number of samples, to the nearest: no sample's value changes. */
export const timeShift: Transform<TimeShiftSettings, TimeShiftDraw> = {
  defaults: { fraction: [-0.5, 0.5], fill: "wrap" },
  rules: { fraction: [-1, 1], fill: ["wrap", "silence"] },
  draw: ({ fraction, fill }, random) => ({
    kind: "time-shift",
    fraction: drawFrom(fraction, random),
    fill,
  }),
  apply({ fraction, fill }, samples, context) {
    const { length } = samples, by = Math.round(fraction * length);
    const shifted = outFor(length, context);
    const place = (part: Float32Array, at: number) => {
      if (at < shifted.length) shifted.set(part.subarray(0, shifted.length - at), at);
    };
    if (fill === "silence") shifted.fill(0);
    // What moves out at one end is what comes in at the other.
    place(samples.subarray(Math.max(0, -by), length - Math.max(0, by)), Math.max(0, by));
    if (fill === "wrap") {
      if (by > 0) place(samples.subarray(length - by), 0);
      else place(samples.subarray(0, -by), length + by);
    }
    return shifted;
  },
  describe: ({ fraction, fill }) =>
    `time shift ${signed(100 * fraction, 1)} % of the clip, ` +
    (fill === "wrap" ? "wrapped around" : "filled with silence"),
};
