/** Starts Python processes that do the same work as the bench, and runs jobs in them. */

/** A library that the bench is timed beside. */
export interface Peer {
  readonly name: string;
  /** Names of the tasks that it can do. */
  readonly tasks: readonly string[];
  /** Seconds of each of `count` runs. */
  run(task: string, job: object, count: number): Promise<number[]>;
}

/** An allocator that keeps its memory: the peer at its best. One thread, as ours. */
const peerEnvironment = {
  MALLOC_MMAP_THRESHOLD_: "1000000000",
  MALLOC_TRIM_THRESHOLD_: "1000000000",
  MALLOC_TOP_PAD_: "100000000",
  OMP_NUM_THREADS: "1",
  OPENBLAS_NUM_THREADS: "1",
};

/** One Python and the peers that it has. Stop it at the end. */
export class PeerProcess {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";
  peers: readonly Peer[] = [];
  /** Why libraries that are installed cannot be timed, by their names. */
  failures: Readonly<Record<string, string>> = {};

  private constructor(python: string) {
    this.#child = new Deno.Command(python, {
      args: [new URL("./features_peer.py", import.meta.url).pathname],
      env: peerEnvironment,
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#reader = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Starts a Python; `undefined` where there is none of this name or it has no numpy. */
  static async start(python: string): Promise<PeerProcess | undefined> {
    try {
      const process = new PeerProcess(python);
      const { offers, failures } = await process.#readAnswer();
      process.failures = failures;
      process.peers = Object.entries<string[]>(offers).map(([name, tasks]) => ({
        name,
        tasks,
        run: async (task, job, count) => {
          const line = JSON.stringify({ contestant: name, task, count, ...job }) + "\n";
          await process.#writer.write(new TextEncoder().encode(line));
          return await process.#readAnswer();
        },
      }));
      return process;
    } catch {
      return undefined;
    }
  }

  async stop(): Promise<void> {
    await this.#writer.close();
    await this.#reader.cancel();
    await this.#child.status;
  }

  // deno-lint-ignore no-explicit-any -- what the script beside this file prints
  async #readAnswer(): Promise<any> {
    while (!this.#text.includes("\n")) {
      const { value, done } = await this.#reader.read();
      if (done) throw new Error("Cannot time the peer as its process has ended");
      this.#text += value;
    }
    const end = this.#text.indexOf("\n"), line = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 1);
    return JSON.parse(line);
  }
}
