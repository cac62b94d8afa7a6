/** The command line's arguments. */
export * from "npm:commander@15.1.0";
