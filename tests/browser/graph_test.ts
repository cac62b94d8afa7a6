/** The feature graph in a browser: the same code, the same bits. */
import { assertEquals, assertStrictEquals } from "@std/assert";
import { defaultFrontEnd } from "../../pipeline/front_end.ts";
import { assertSameBits } from "../assert_same_bits.ts";
import { fixturePath, readFixture } from "../pipeline/decode/fixtures.ts";
import { featuresOf, requestFor, run } from "../pipeline/run_graph.ts";
import { bundleForBrowser, chromium, withPage } from "./chromium.ts";

const recordings = [
  ...["wav_s16.wav", "wav_mulaw.wav", "wav_ima_adpcm.wav", "aiff_s24.aiff", "flac_stereo.flac"],
  ...["flac_order_32.flac", "vorbis_stereo.ogg", "opus_mono.opus", "mp3_joint_stereo.mp3"],
  ...["wav_s32_6_channels.wav", "wav_mp3.wav"],
];
const kernels = [
  "pipeline/dsp/dsp.wasm",
  "pipeline/decode/flac.wasm",
  "pipeline/decode/vorbis.wasm",
];
const root = new URL("../../", import.meta.url);

const bundle = await bundleForBrowser(new URL("graph_page.ts", import.meta.url));

Deno.test("the graph knows no platform", () => {
  const strangers = bundle.match(/\bDeno\.\w+|["']node:[\w/]+["']|SharedArrayBuffer/g) ?? [];
  assertEquals(strangers, []);
});

Deno.test({
  name: "features of ten recordings in Chromium equal Deno's, bit for bit",
  ignore: chromium === undefined,
  async fn() {
    const received = new Map<string, Float32Array>(), ended = Promise.withResolvers<string>();
    const respond = async (request: Request): Promise<Response> => {
      const [kind, outcome, name] = new URL(request.url).pathname.slice(1).split("/");
      const of = (path: string, type: string) =>
        new Response(Deno.readFileSync(new URL(path, root)), { headers: { "content-type": type } });
      switch (kind) {
        case "":
          return new Response('<script type="module" src="page.js"></script>', {
            headers: { "content-type": "text/html" },
          });
        case "page.js":
          return new Response(bundle, { headers: { "content-type": "text/javascript" } });
        case "names":
          return Response.json(recordings);
        case "recordings":
          return new Response(readFixture(decodeURIComponent(outcome)));
        case "features":
          if (outcome === "features") {
            const features = new Float32Array(await request.arrayBuffer());
            received.set(decodeURIComponent(name), features);
          } else ended.resolve(`${name}: ${await request.text()}`);
          return new Response();
        case "end":
          ended.resolve(await request.text());
          return new Response();
        default: {
          const kernel = kernels.find((path) => path.endsWith(`/${kind}`));
          return kernel ? of(kernel, "application/wasm") : new Response(null, { status: 404 });
        }
      }
    };
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, respond);
    try {
      const address = `http://127.0.0.1:${server.addr.port}/`;
      const seconds = 90, late = setTimeout(() => ended.resolve("no answer"), 1000 * seconds);
      assertStrictEquals(await withPage(address, () => ended.promise), "");
      clearTimeout(late);
    } finally {
      await server.shutdown();
    }
    const requests = recordings.map((name) => requestFor(fixturePath(name)));
    const expected = await run({ frontEnd: defaultFrontEnd, seed: 1 }, requests);
    for (const [i, name] of recordings.entries()) {
      assertSameBits(received.get(name), featuresOf(expected[i]), name);
    }
  },
});
