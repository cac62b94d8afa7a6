/** A real server of S3's protocol, for tests, where it is installed. */

/** Versity's: `go install github.com/versity/versitygw/cmd/versitygw@latest` (Apache-2.0). */
export async function findVersity(): Promise<string | undefined> {
  const folder = Deno.env.get("GOPATH") ?? `${Deno.env.get("HOME")}/go`;
  for (const place of ["versitygw", `${folder}/bin/versitygw`]) {
    const ask = () => new Deno.Command(place, { args: ["--version"], stdout: "null" }).output();
    if (await Promise.try(ask).then(({ success }) => success, () => false)) return place;
  }
}

/** A server that runs. */
export interface S3Server extends AsyncDisposable {
  /** Its address. */
  readonly url: string;
}

/**
 * Starts it on a free port.
 *
 * @param root A folder, in which folders are buckets.
 */
export async function startVersity(
  path: string,
  root: string,
  keys: { readonly AWS_ACCESS_KEY_ID: string; readonly AWS_SECRET_ACCESS_KEY: string },
): Promise<S3Server> {
  const port = freePort();
  const process = new Deno.Command(path, {
    args: ["--port", `127.0.0.1:${port}`, "posix", root],
    env: { ROOT_ACCESS_KEY: keys.AWS_ACCESS_KEY_ID, ROOT_SECRET_KEY: keys.AWS_SECRET_ACCESS_KEY },
    stdout: "null",
    stderr: "null",
  }).spawn();
  const isThere = () =>
    Deno.connect({ hostname: "127.0.0.1", port }).then(
      (connection) => (connection.close(), true),
      () => false,
    );
  for (let i = 0; i < 200 && !await isThere(); i++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      process.kill("SIGKILL");
      await process.status;
    },
  };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
