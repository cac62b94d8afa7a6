/** PNG images. */
export * from "npm:fast-png@8.0.0";
