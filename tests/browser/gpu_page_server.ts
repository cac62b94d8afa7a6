/** A page with `gpu_page.ts` in a headless Chromium that has WebGPU, by default on its software adapter. */
import { type BrowserPage, withBrowserPage } from "../report/browser.ts";
import { bundleForBrowser } from "./chromium.ts";

/** Words of the command line that give a page WebGPU. */
const flags = (adapter: string) => ["--enable-unsafe-webgpu", `--use-webgpu-adapter=${adapter}`];

/** Opens the page for as long as `use` takes. */
export async function withGpuPage(
  executable: string,
  use: (page: BrowserPage) => Promise<void>,
  adapter = "swiftshader",
): Promise<void> {
  const script = await bundleForBrowser(new URL("gpu_page.ts", import.meta.url));
  const respond = ({ url }: Request): Response => {
    const isScript = new URL(url).pathname === "/page.js";
    return new Response(isScript ? script : '<script type="module" src="page.js"></script>', {
      headers: { "content-type": isScript ? "text/javascript" : "text/html" },
    });
  };
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, respond);
  try {
    await withBrowserPage(executable, async (page) => {
      await page.open(`http://127.0.0.1:${server.addr.port}/`);
      await use(page);
    }, flags(adapter));
  } finally {
    await server.shutdown();
  }
}
