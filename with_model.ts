/** The program of an executable that carries a model, made by `deno task compile --with-model RUN`. */
import { main } from "./cli/main.ts";
import { carryModel } from "./cli/open_models.ts";

carryModel(`${import.meta.dirname}/carried_model`);
await main(Deno.args);
