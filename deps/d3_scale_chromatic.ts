/** Colour scales. */
export { interpolateMagma } from "npm:d3-scale-chromatic@3.1.0";
