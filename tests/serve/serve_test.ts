/** A model behind HTTP: the answers are predict's, whatever else comes, and nothing is lost. */
import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { encodeWav, unknownBytes, wavHeader } from "../../pipeline/encode_wav.ts";
import { createWindowing } from "../../pipeline/windows.ts";
import { eventsOf, resolveEventOptions } from "../../run/events/events.ts";
import { joinWindows } from "../../run/prediction/join_windows.ts";
import { type Labeller, openLabeller } from "../../run/prediction/labeller.ts";
import { type RunningServer, type ServeOptions, startServer } from "../../serve/serve.ts";
import { createPageFiles } from "../../web/page_files.ts";
import { assertFails } from "../assert_failure.ts";
import { createTone, withFolder } from "../fixtures.ts";
import { readFixture } from "../pipeline/decode/fixtures.ts";
import { noise } from "../pipeline/dsp/signals.ts";
import {
  createUntrainedHead,
  createUntrainedModel,
  frontEnd,
  machine,
} from "../run/untrained_model.ts";

const model = await createUntrainedModel(1);
const short = encodeWav(noise(3000), 8000), long = encodeWav(noise(8000 * 2 + 1234, 3), 8000);

/** The same as it comes from a microphone, which does not know its length. */
const endless = new Uint8Array([
  ...wavHeader({ formatTag: 1, sampleBytes: 2, sampleRateHz: 8000 }, unknownBytes),
  ...long.subarray(44),
]);

/** Runs a test with a server at any free port of this machine. */
async function withServer(
  test: (address: string, labeller: Labeller, server: RunningServer) => Promise<void>,
  options: Partial<ServeOptions> = {},
): Promise<void> {
  const labeller = await openLabeller(model, machine), notices: string[] = [];
  const onNotice = (text: string) => notices.push(text);
  const server = startServer({ labeller, port: 0, onNotice, ...options });
  try {
    await test(server.address.replace(/\/\?.*|\/$/, ""), labeller, server);
  } finally {
    await server.stop(0);
    await labeller.close();
  }
  assertEquals(notices, []);
}

const post = (address: string, body: BodyInit | null, init?: RequestInit) =>
  fetch(address, { method: "POST", body, ...init });

const formOf = (files: readonly (readonly [name: string, bytes: Uint8Array<ArrayBuffer>])[]) => {
  const form = new FormData();
  for (const [name, bytes] of files) form.append("sound", new File([bytes], name));
  return form;
};

/** A sound of which there is a name and an answer. */
const recordingOf = (id: string, bytes: Uint8Array) => ({
  id,
  location: { kind: "memory" as const, name: id, bytes },
});

async function answerAlone(labeller: Labeller, bytes: Uint8Array): Promise<object> {
  for await (const row of labeller.label([{ recording: recordingOf("x", bytes), start: 0 }])) {
    const { classes } = labeller.card, probabilities = row.probabilities!;
    return {
      labels: labeller.decision.labelsOf(probabilities),
      probabilities: Object.fromEntries(classes.map((name, k) => [name, probabilities[k]])),
    };
  }
  throw new Error("unreachable");
}

Deno.test("POST /predict says what predict says, of a body and of a form's files in their order", () =>
  withServer(async (address, labeller) => {
    const expected = await answerAlone(labeller, short);
    const body = await post(`${address}/predict?filename=a%20%22.wav`, short);
    assertStrictEquals(body.status, 200);
    assertEquals(await body.json(), { filename: 'a ".wav', ...expected });
    const heard = await answerAlone(labeller, long);
    const files = [["b.wav", long], ["no sound.txt", new Uint8Array(9)], [
      "a.wav",
      short,
    ]] as const;
    const [first, broken, last] = await (await post(`${address}/predict`, formOf(files))).json();
    const { notes, ...rest } = first;
    assertEquals(rest, { filename: "b.wav", ...heard });
    assertMatch(notes.join(), /^2\.2 s long, of which the first 0\.5 s were heard$/);
    assertMatch(broken.error, /^Cannot decode no sound\.txt at byte 0: expected one of WAV/);
    assertEquals(Object.keys(broken), ["filename", "error"]);
    assertEquals(last, { filename: "a.wav", ...expected });
  }));

Deno.test("POST /predict joins the windows of all of a sound where it is asked to", () =>
  withServer(async (address, labeller) => {
    const windowing = createWindowing(frontEnd, { hopSeconds: 0.2 });
    for (const aggregate of ["mean", "max"] as const) {
      const rows = labeller.labelWindows([recordingOf("x", long)], windowing);
      const [{ probabilities }] = await Array.fromAsync(joinWindows(rows, aggregate));
      const response = await post(`${address}/predict?aggregate=${aggregate}&hop=0.2`, long);
      assertEquals(Object.values((await response.json()).probabilities), [...probabilities!]);
    }
  }));

Deno.test("POST /events has the lines of all formats, of WAV however it comes", () =>
  withServer(async (address, labeller) => {
    const windowing = createWindowing(frontEnd, { hopSeconds: 0.2 }), query = "?hop=0.2&merge=0";
    const linesOf = async (bytes: Uint8Array) => {
      const rows = labeller.labelWindows([recordingOf("x", bytes)], windowing);
      const options = { top: 1, minScore: 0, mergeSeconds: 0 };
      const events = await Array.fromAsync(eventsOf(rows, labeller.decision, windowing, options));
      return events.map(({ startSeconds, label, numWindows }) => ({
        startSeconds,
        label,
        numWindows,
      }));
    };
    const flac = readFixture("flac_stereo.flac");
    const pieces = ReadableStream.from((function* () {
      for (let at = 0; at < endless.length; at += 999) yield endless.slice(at, at + 999);
    })());
    for (const [sent, bytes] of [[long, long], [pieces, long], [flac, flac]] as const) {
      const response = await post(`${address}/events${query}&filename=x.wav`, sent);
      assertStrictEquals(response.headers.get("content-type"), "application/x-ndjson");
      const lines = (await response.text()).trimEnd().split("\n").map((line) => JSON.parse(line));
      const expected = await linesOf(bytes);
      assert(expected.length > 0);
      assertEquals(
        lines.map(({ start, label }) => [start, label]),
        expected.map((event) => [
          Math.round(event.startSeconds * 1e6) / 1e6,
          event.label,
        ]),
      );
      for (const line of lines) {
        assertEquals(Object.keys(line), [
          "filename",
          "start",
          "end",
          "label",
          "probability",
          "peak",
        ]);
        assertStrictEquals(line.filename, "x.wav");
      }
    }
    const form = formOf([["a.flac", flac], ["b.txt", new Uint8Array(7)], ["c.wav", short]]);
    const text = await (await post(`${address}/events`, form)).text();
    const names = text.trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals([...new Set(names.map(({ filename }) => filename))], ["a.flac", "b.txt", "c.wav"]);
    assertMatch(names.find(({ error }) => error).error, /^Cannot decode b\.txt at byte 0/);
  }));

Deno.test("an event is told while the sound still comes, and who leaves gives back the place", () =>
  withServer(async (address) => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter(), asked = post(`${address}/events`, readable);
    await writer.write(endless);
    const response = await asked, reader = response.body!.getReader();
    const { value } = await reader.read();
    assertStrictEquals(JSON.parse(new TextDecoder().decode(value)).start, 0);
    await writer.abort("the microphone was pulled out").catch(() => {});
    await reader.cancel().catch(() => {});
    await until(async () =>
      /^melstream_listeners 0$/m.test(await (await fetch(`${address}/metrics`)).text())
    );
  }));

Deno.test("what cannot be answered is refused with its status and one line", () =>
  withServer(async (address) => {
    const { port } = new URL(address), large = new Uint8Array(100_001);
    const slow = () =>
      new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(3)) });
    const requests: [number, RegExp, string, RequestInit & { method?: string }][] = [
      [400, /may name aggregate, filename, hop, window: it names windw/, "/predict?windw=1", {}],
      [400, /hop must be a number above 0: current value is x/, "/events?hop=x", {}],
      [400, /at most 0\.5 s long.*current value is 9/, "/events?window=9", {}],
      [400, /at most 0\.5 s long.*current value is 9/, "/predict?window=9&aggregate=max", {}],
      [400, /aggregate must be mean or max: it is missing/, "/predict?hop=1", {}],
      [400, /multipart\/form-data/, "/predict", {
        headers: { "content-type": "multipart/form-data; boundary=x" },
      }],
      [403, /pages of other sites.*http:\/\/evil\.example/, "/predict", {
        headers: { origin: "http://evil.example" },
      }],
      [403, /pages of other sites.*null/, "/predict", { headers: { origin: "null" } }],
      [403, /pages of other sites/, "/predict", { headers: { "sec-fetch-site": "cross-site" } }],
      [404, /\/\.\.%2fdeno\.json/, "/..%2fdeno.json", { method: "GET" }],
      [404, /Cannot find \/deno\.json/, "/../deno.json", { method: "GET" }],
      [405, /method must be POST/, "/predict", { method: "GET" }],
      [405, /method must be GET/, "/metrics", {}],
      [408, /all of it must come within 0\.3 s/, "/predict", { body: slow() }],
      [408, /next bytes must come within 0\.3 s/, "/events", { body: slow() }],
      [400, /Cannot label nothing/, "/predict", { body: null }],
      [400, /Cannot label nothing/, "/events", { body: null }],
      [413, /at most 100000 bytes/, "/predict", { body: large }],
      [413, /at most 100000 bytes/, "/events", { body: ReadableStream.from([large]) }],
      [422, /Cannot decode sound at byte 0/, "/predict", {}],
      [422, /Cannot decode sound at byte 0/, "/events", {}],
      [422, /Cannot decode x\.wav/, "/events?filename=x.wav", { body: short.slice(0, 20) }],
    ];
    for (const [status, message, path, init] of requests) {
      const method = init.method ?? "POST", body = method === "GET" ? null : new Uint8Array(9);
      const response = await fetch(`${address}${path}`, { method, body, ...init });
      const { error } = await response.json();
      assertStrictEquals(response.status, status, `${path}: ${error}`);
      assertMatch(error, message);
      assertMatch(error, /^[^\n]+$/);
    }
    // `fetch` does not let a program say another host.
    using connection = await Deno.connect({ port: Number(port) });
    const request = "GET /healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
    await connection.write(new TextEncoder().encode(request));
    const answer = await new Response(connection.readable).text();
    assertMatch(answer, /^HTTP\/1\.1 403 [\s\S]*host must be this machine: it is evil\.example/);
  }, { timeout: 0.3, maxSize: 100_000 }));

Deno.test("a model with a backbone is asked as any other, and its page may ask it", () =>
  withFolder(async (dir) => {
    const head = await createUntrainedHead(dir), labeller = await openLabeller(head, machine);
    const files = await createPageFiles([head]);
    await withServer(async (address) => {
      const answer = await (await post(`${address}/predict`, short)).json();
      assertEquals(answer, { filename: "sound", ...await answerAlone(labeller, short) });
      const lines = (await (await post(`${address}/events?merge=0`, long)).text()).trim();
      const windowing = createWindowing(frontEnd), recordings = [recordingOf("sound", long)];
      const events = await Array.fromAsync(eventsOf(
        labeller.labelWindows(recordings, windowing),
        labeller.decision,
        windowing,
        { ...resolveEventOptions(head.card, {}), mergeSeconds: 0 },
      ));
      assertEquals(
        lines.split("\n").map((line) => JSON.parse(line).end),
        events.map(({ endSeconds }) => Number(endSeconds.toFixed(6))),
      );
      const page = await fetch(`${address}/`), policy = page.headers.get("content-security-policy");
      assertMatch(await page.text(), /The sound goes to the server that this page comes from/);
      assertMatch(policy!, /; connect-src 'self'; /);
    }, { labeller, files });
    await labeller.close();
    await assertFails(
      createPageFiles([head], { fromDisk: true }),
      /^RangeError: Cannot make a page of this model .* by a backbone, net, whose page is that of `serve`$/,
    );
  }));

Deno.test("what reaches no threshold has no event, and the label for unknown sounds", async () => {
  const scores = { temperature: 1, thresholds: [1, 1, 1], precision: null };
  const careful = { ...model, card: { ...model.card, scores } };
  const labeller = await openLabeller(careful, { ...machine, unknown: "other" });
  await withServer(async (address) => {
    assertStrictEquals(await (await post(`${address}/events`, long)).text(), "");
    assertEquals((await (await post(`${address}/predict`, short)).json()).labels, ["other"]);
  }, { labeller });
  await labeller.close();
});

Deno.test("two hundred requests at a time lose nothing, and leave nothing", () =>
  withServer(async (address, labeller) => {
    const sounds = [300, 900, 1500].map((hz) => encodeWav(createTone(hz, hz), 8000));
    const expected = await Promise.all(sounds.map((sound) => answerAlone(labeller, sound)));
    await Promise.all(Array.from({ length: 200 }, async (_, i) => {
      const response = await post(`${address}/predict`, sounds[i % 3]);
      assertEquals(await response.json(), { filename: "sound", ...expected[i % 3] });
    }));
    const metrics = await (await fetch(`${address}/metrics`)).text();
    assertMatch(
      metrics,
      /^melstream_requests_total\{path="\/predict",method="POST",status="200"\} 200$/m,
    );
    assertMatch(metrics, /^melstream_request_seconds_bucket\{path="\/predict",le="\+Inf"\} 200$/m);
    for (const name of ["requests_in_flight", "listeners", "held_bytes"]) {
      assertMatch(metrics, new RegExp(`^melstream_${name} 0$`, "m"));
    }
    assertMatch(metrics, /^melstream_windows_total 200$/m);
  }));

Deno.test("beyond its places it says that it is busy, and when to come again", () =>
  withServer(async (address) => {
    const open = new TransformStream<Uint8Array, Uint8Array>();
    const first = post(`${address}/events`, open.readable), writer = open.writable.getWriter();
    await writer.write(long.slice(0, 5000));
    const isBusy = async (path: string) => {
      const response = await post(`${address}${path}`, long);
      return response.status === 429 && response.headers.get("retry-after") === "1" &&
        /at most 1 sounds that are heard in windows/.test((await response.json()).error);
    };
    await until(() => isBusy("/events"));
    assert(await isBusy("/predict?aggregate=mean"));
    assertStrictEquals((await (await post(`${address}/predict`, short)).json()).labels.length, 1);
    await writer.write(long.slice(5000));
    await writer.close();
    await (await first).text();
    assertStrictEquals(
      (await (await post(`${address}/events`, long)).text()).split("\n").length,
      6,
    );
  }, { listeners: 1 }));

Deno.test("with a token nobody else is answered, and the printed address signs a browser in", () =>
  withServer(async (address, _, server) => {
    const { host, searchParams } = new URL(server.address), token = searchParams.get("token")!;
    assertMatch(token, /^[0-9a-f]{32}$/);
    assert(host.startsWith("localhost:"));
    const status = async (path: string, headers: HeadersInit) => {
      const response = await fetch(`${address}${path}`, { headers, redirect: "manual" });
      await response.body?.cancel();
      return response;
    };
    const wrong: HeadersInit[] = [{}, { authorization: "Bearer x" }, {
      cookie: `melstream_token=${token}0`,
    }];
    for (const headers of wrong) {
      for (const path of ["/", "/metrics", "/predict", "/nothing"]) {
        const { status: code, headers: said } = await status(path, headers);
        assertEquals([code, said.get("www-authenticate")], [401, "Bearer"], path);
      }
    }
    assertStrictEquals((await status("/healthz", {})).status, 200);
    assertStrictEquals(
      (await status("/metrics", { authorization: `Bearer ${token}` })).status,
      200,
    );
    const signedIn = await status(`/?token=${token}`, {}),
      cookie = signedIn.headers.get("set-cookie")!;
    assertEquals([signedIn.status, signedIn.headers.get("location")], [303, "/"]);
    assertMatch(cookie, /^melstream_token=[0-9a-f]{32}; Path=\/; HttpOnly; SameSite=Strict$/);
    assertStrictEquals((await status("/metrics", { cookie: cookie.split(";")[0] })).status, 200);
  }, { host: "0.0.0.0" }));

Deno.test("stopped, it answers what is under way and breaks off what does not end", async () => {
  const labeller = await openLabeller(model, machine);
  const server = startServer({ labeller, port: 0 }), address = server.address;
  const open = new TransformStream<Uint8Array, Uint8Array>(), writer = open.writable.getWriter();
  const listening = post(`${address}events`, open.readable);
  await writer.write(endless);
  const heard = (await listening).body!.pipeThrough(new TextDecoderStream()).getReader();
  assertMatch((await heard.read()).value!, /"start":0/);
  const short30 = Array.from({ length: 30 }, () => post(`${address}predict`, short));
  await until(async () => /in_flight 31$/m.test(await (await fetch(`${address}metrics`)).text()));
  const stopped = server.stop(0.5);
  for (const response of await Promise.all(short30)) {
    assertStrictEquals(response.status, 200);
    await response.body?.cancel();
  }
  let text = "";
  for (let read = await heard.read(); !read.done; read = await heard.read()) text += read.value;
  assertMatch(text, /\{"error":"Cannot go on as the server is being stopped"\}\n$/);
  await stopped;
  await writer.abort().catch(() => {});
  await labeller.close();
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 6000; tries++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("It did not come to that within a minute");
}
