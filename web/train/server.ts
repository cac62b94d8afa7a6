/// <reference lib="dom" />
/** What the page asks its server for. */

/** Asks for something. @throws {Error} with the server's line where it refuses, or does not answer. */
export async function ask<T>(path: string, query: Query = {}): Promise<T> {
  return await answerOf(await fetch(addressOf(path, query)));
}

/** Has the server do something. @throws as `ask` does. */
export async function order<T>(path: string, query: Query = {}): Promise<T> {
  return await answerOf(await fetch(addressOf(path, query), { method: "POST" }));
}

/** Values of an address, by name; those that are undefined are left out. */
type Query = Readonly<Record<string, string | number | undefined>>;

function addressOf(path: string, query: Query): string {
  const said = Object.entries(query).filter(([, value]) => value !== undefined);
  const words = new URLSearchParams(said.map(([name, value]) => [name, String(value)]));
  return said.length === 0 ? path : `${path}?${words}`;
}

async function answerOf<T>(response: Response): Promise<T> {
  const answer = await response.json();
  if (response.ok) return answer;
  throw new Error(answer.error);
}
