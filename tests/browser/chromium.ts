/** Debian's Chromium without a screen, for tests of what runs in a page. */

/** The browser's program, where one is installed. */
export const chromium: string | undefined = (() => {
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    for (const dir of (Deno.env.get("PATH") ?? "").split(":")) {
      try {
        if (Deno.statSync(`${dir}/${name}`).isFile) return `${dir}/${name}`;
      } catch { /* not there */ }
    }
  }
})();

/** Opens a page for as long as `use` takes. */
export async function withPage<T>(address: string, use: () => Promise<T>): Promise<T> {
  const profile = await Deno.makeTempDir({ prefix: "melstream-chromium-" });
  const browser = new Deno.Command(chromium!, {
    args: [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
      ...[`--user-data-dir=${profile}`, "--remote-debugging-port=0", address],
    ],
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    return await use();
  } finally {
    browser.kill("SIGKILL");
    await browser.status;
    await Deno.remove(profile, { recursive: true }).catch(() => {}); // its children may still write
  }
}

/** Bundles a module for browsers, as one file. */
export async function bundleForBrowser(entry: URL): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--frozen", "--platform", "browser", entry.pathname],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
