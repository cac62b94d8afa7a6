/** The headers of tar archives. */
export { Header } from "npm:tar@7.5.23/header";
export { Pax } from "npm:tar@7.5.23/pax";
