/** A headless Chromium, driven over its DevTools protocol. */

const root = new URL("../..", import.meta.url).pathname;

/** Path of an installed Chromium; `undefined` where none is. */
export function findChromium(): string | undefined {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  return names.flatMap((name) => folders.map((folder) => `${folder}/${name}`)).find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

/** One page of the browser. */
export interface BrowserPage {
  /** Sets the size of the window, and which of its two looks a page has. */
  resize(width: number, height: number, scheme?: "light" | "dark"): Promise<void>;
  /** Opens an address and waits until it is loaded. */
  open(url: string): Promise<void>;
  /** The value of an expression, awaited; plain data. @throws {Error} what it throws. */
  evaluate<T>(expression: string): Promise<T>;
  /** Sends a command of the protocol. */
  send(method: string, params?: object): Promise<Record<string, unknown>>;
}

/**
 * Runs something with a page of a new browser, which is gone afterwards.
 *
 * @param more Words of its command line.
 */
export async function withBrowserPage(
  executable: string,
  use: (page: BrowserPage) => Promise<void>,
  more: readonly string[] = [],
): Promise<void> {
  const profile = await Deno.makeTempDir({ prefix: "melstream-browser-" });
  const browser = new Deno.Command(executable, {
    args: [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
      ...["--remote-debugging-port=0", `--user-data-dir=${profile}`, ...more],
      "about:blank",
    ],
    cwd: root,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    const session = await connect(await debuggerAddress(profile));
    try {
      await use(await openPage(session));
    } finally {
      await session.close();
    }
  } finally {
    try {
      browser.kill();
    } catch {
      // it has ended already
    }
    await browser.status;
    await Deno.remove(profile, { recursive: true }).catch(() => {}); // it may still be writing there
  }
}

/** Waits until the browser says where it listens. */
async function debuggerAddress(profile: string): Promise<string> {
  for (let tries = 0; tries < 300; tries++) {
    const text = await Deno.readTextFile(`${profile}/DevToolsActivePort`).catch(() => "");
    const [port, path] = text.split("\n");
    if (path) return `ws://127.0.0.1:${port}${path}`;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("Cannot drive the browser as it must listen within 30 s: it does not");
}

interface Session {
  send(method: string, params?: object, sessionId?: string): Promise<Record<string, unknown>>;
  once(method: string): Promise<unknown>;
  close(): Promise<void>;
}

async function connect(address: string): Promise<Session> {
  const socket = new WebSocket(address);
  const pending = new Map<number, PromiseWithResolvers<Record<string, unknown>>>();
  const listeners = new Map<string, () => void>();
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  socket.onmessage = ({ data }) => {
    const { id, method, result, error } = JSON.parse(data);
    if (method) return listeners.get(method)?.();
    if (error) pending.get(id)?.reject(new Error(error.message));
    else pending.get(id)?.resolve(result);
    pending.delete(id);
  };
  let lastId = 0;
  return {
    send(method, params = {}, sessionId) {
      const answer = Promise.withResolvers<Record<string, unknown>>();
      pending.set(++lastId, answer);
      socket.send(JSON.stringify({ id: lastId, method, params, sessionId }));
      return answer.promise;
    },
    once: (method) => new Promise<void>((resolve) => listeners.set(method, resolve)),
    close: () =>
      new Promise((resolve) => {
        socket.onclose = () => resolve();
        socket.close();
      }),
  };
}

async function openPage(session: Session): Promise<BrowserPage> {
  const { targetId } = await session.send("Target.createTarget", { url: "about:blank" });
  const attached = await session.send("Target.attachToTarget", { targetId, flatten: true });
  const sessionId = attached.sessionId as string;
  const send: BrowserPage["send"] = (method, params) => session.send(method, params, sessionId);
  await send("Page.enable");
  await send("Page.setBypassCSP", { enabled: true }); // the pages forbid scripts, such as the tests'
  return {
    send,
    async resize(width, height, scheme = "light") {
      const size = { width, height, deviceScaleFactor: 1, mobile: false };
      await send("Emulation.setDeviceMetricsOverride", size);
      const features = [{ name: "prefers-color-scheme", value: scheme }];
      await send("Emulation.setEmulatedMedia", { features });
    },
    async open(url) {
      const loaded = session.once("Page.loadEventFired");
      await send("Page.navigate", { url });
      await loaded;
    },
    async evaluate<T>(expression: string) {
      const { result, exceptionDetails } = await send("Runtime.evaluate", {
        expression,
        awaitPromise: true,
        returnByValue: true,
      }) as {
        result: { value: T };
        exceptionDetails?: { text: string; exception?: { description?: string } };
      };
      if (exceptionDetails) {
        throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      }
      return result.value;
    },
  };
}
