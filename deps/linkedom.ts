/** A document to draw charts in. */
export * from "npm:linkedom@0.18.12";
