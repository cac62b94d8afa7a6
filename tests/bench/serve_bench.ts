/**
 * Load on `melstream serve`: as many requests in flight as are asked for, all the time, each a recording as a
 * client sends it. Every answer must be that to the same recording alone; memory must stay flat.
 *
 *     deno task bench:serve [--model RUN] [--data DIR] [--in-flight 200] [--seconds 60]
 */
import { parseArgs } from "node:util";
import { openRecordings } from "../../pipeline/sources/open_recordings.ts";
import { openDefaultDataset } from "../../pipeline/sources/default_dataset.ts";
import { openLocation } from "../../pipeline/locations/open_location.ts";

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    data: { type: "string" },
    "in-flight": { type: "string", default: "200" },
    seconds: { type: "string", default: "60" },
  },
});
const inFlight = Number(values["in-flight"]), seconds = Number(values.seconds);

/** The server as a person starts it. @returns its address, and how it is ended. */
async function startServer() {
  const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
  const words: string[] = tasks.serve.command.split(" ").slice(1);
  const model = values.model === undefined ? [] : ["--model", values.model];
  const server = new Deno.Command(Deno.execPath(), {
    args: [...words, ...model, "--port", "0"],
    stderr: "piped",
  }).spawn();
  const lines = server.stderr.pipeThrough(new TextDecoderStream());
  let text = "";
  for await (const piece of lines.values({ preventCancel: true })) {
    text += piece;
    const address = /^address +(\S+)$/m.exec(text)?.[1];
    if (address) {
      return {
        address,
        async stop() {
          server.kill("SIGTERM");
          const rest = Array.fromAsync(lines);
          const { code } = await server.status;
          return { code, said: (await rest).join("") };
        },
      };
    }
  }
  throw new Error(`The server did not start: ${text}`);
}

const recordings = values.data === undefined
  ? (await openDefaultDataset()).test
  : await openRecordings(values.data);
const sounds = await Promise.all(
  recordings.slice(0, 50).map(async ({ location }) => {
    using source = await openLocation(location);
    return Uint8Array.from(await source.read(0, source.size));
  }),
);
const server = await startServer();
const ask = async (sound: Uint8Array<ArrayBuffer>) => {
  const response = await fetch(`${server.address}predict`, { method: "POST", body: sound });
  return `${response.status} ${await response.text()}`;
};
const memory = async () => {
  const text = await (await fetch(`${server.address}metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)![1]) / 1e6;
};

const expected: string[] = [];
for (const sound of sounds) expected.push(await ask(sound));
const began = performance.now(), times: number[] = [];
let sent = 0, wrong = 0, refused = 0;
const client = async () => {
  while (performance.now() - began < 1000 * seconds) {
    const at = sent++ % sounds.length, start = performance.now();
    const answer = await ask(sounds[at]);
    times.push(performance.now() - start);
    if (answer.startsWith("429") || answer.startsWith("503")) refused++;
    else if (answer !== expected[at]) wrong++;
  }
};
const megabytes: number[] = [];
const watch = setInterval(async () => megabytes.push(await memory()), 1000 * seconds / 12);
await Promise.all(Array.from({ length: inFlight }, client));
clearInterval(watch);
const took = (performance.now() - began) / 1000;
times.sort((a, b) => a - b);
const quantile = (share: number) => times[Math.floor(share * (times.length - 1))].toFixed(0);
const { code, said } = await server.stop();
console.log(`sent       ${sent} requests, ${inFlight} in flight, ${took.toFixed(0)} s`);
console.log(`answered   ${times.length}, ${(times.length / took).toFixed(0)} a second`);
console.log(`other than alone ${wrong}, refused ${refused}`);
console.log(`time       median ${quantile(0.5)} ms, 99 % ${quantile(0.99)} ms`);
console.log(`memory     ${megabytes.map((value) => value.toFixed(0)).join(" ")} MB`);
console.log(`exit code  ${code}: ${said}`);
if (wrong + refused > 0 || times.length !== sent || code !== 0) Deno.exit(1);
