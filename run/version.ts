import config from "../deno.json" with { type: "json" };

/** The program and its version, as models and runs record it. */
export const program: string = `melstream ${config.version}`;
