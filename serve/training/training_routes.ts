/** What the server has for the page that trains. */
import type { SettingsOf } from "../../settings/setting.ts";
import { wholeNumberIn } from "../../settings/value_range.ts";
import { createTrainPageFiles, trainPageNames } from "../../web/train_page_files.ts";
import { HttpError } from "../http_error.ts";
import { reportHeaders, trainPageHeaders } from "../page_headers.ts";
import { readQuery } from "../query.ts";
import type { Route } from "../route.ts";
import { RunPages } from "./run_pages.ts";
import { type StartChoices, startSettings } from "./start_settings.ts";
import type { KnownState, TrainingDesk } from "./training_desk.ts";

/** Where the page that trains is. */
export const trainAddress = "/train/";

const count = { range: wholeNumberIn({ min: 0 }), help: "", group: "Server" } as const;
const knownSettings: SettingsOf<KnownState> = { survey: count, run: count, rows: count };
const { folder } = startSettings, folderSettings = { folder };

/**
 * Routes of the page that trains, by their paths.
 *
 * @param hasModel Whether the server has a page to try a model, too.
 */
export function createTrainingRoutes(
  desk: TrainingDesk,
  hasModel: boolean,
): [path: string, route: Route][] {
  const files = createTrainPageFiles(hasModel);
  files.catch(() => {}); // who asks for one is told
  const pages = new RunPages(desk.runs, trainAddress);
  const at = (name: string) => `${trainAddress}${name}`;
  const queryOf = (request: Request) => new URL(request.url).searchParams;
  const get = (name: string, answer: Route["answer"]): [string, Route] => [
    at(name),
    { method: "GET", answer },
  ];
  const post = (
    name: string,
    act: (query: URLSearchParams) => Promise<void> | void,
  ): [string, Route] => [at(name), {
    method: "POST",
    async answer(request) {
      checkFromPage(request);
      await act(queryOf(request));
      return Response.json(desk.state({}), { status: 202 });
    },
  }];
  return [
    ...trainPageNames.map((name) =>
      get(name === "index.html" ? "" : name, async () => {
        const { type, content } = (await files)[name];
        return new Response(content, { headers: { ...trainPageHeaders, "content-type": type } });
      })
    ),
    get("folders", async (request) => {
      const { folder = "." } = readQuery<Pick<StartChoices, "folder">>(
        queryOf(request),
        folderSettings,
      );
      return Response.json(await desk.tree.list(folder));
    }),
    get(
      "state",
      (request) =>
        Response.json(desk.state(readQuery<KnownState>(queryOf(request), knownSettings))),
    ),
    get("newest", async () => Response.json(await desk.newest() ?? null)),
    get("inspect.html", () => new Response(desk.surveyPage, { headers: reportHeaders })),
    post("look", (query) => {
      const { folder } = readQuery<Pick<StartChoices, "folder">>(query, folderSettings);
      return desk.look(folder);
    }),
    post("start", (query) => desk.start(readQuery<StartChoices>(query, startSettings))),
    post("resume", () => desk.resume()),
    post("stop", () => desk.stop()),
    ["/runs/", {
      ...{ method: "GET", coversBelow: true },
      answer: (request) => pages.answer(new URL(request.url).pathname.slice("/runs/".length)),
    }],
  ];
}

/** @throws {HttpError} 403 where no page asks: `checkAccess` has refused those of other sites. */
function checkFromPage({ headers }: Request): void {
  if (headers.has("origin")) return;
  throw new HttpError(403, "Cannot do that for a program as the page that trains must ask for it");
}
