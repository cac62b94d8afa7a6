/** Charts. */
export * from "npm:@observablehq/plot@0.6.17";
