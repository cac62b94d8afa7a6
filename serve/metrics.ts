/** What the server counts, in the text format that Prometheus reads (version 0.0.4). */

/** Upper edges of the histogram of answering times, in seconds. */
const edges = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** Methods that are told apart. */
const methods: readonly string[] = ["GET", "HEAD", "POST"];

/** Requests of one path. */
interface PathTimes {
  readonly buckets: number[];
  sum: number;
  count: number;
}

/** Counters since the server began. */
export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #times = new Map<string, PathTimes>();
  #windows = 0;
  #failures = 0;

  /** Counts a request that was answered. @param path One of the server's, so that there are few of them. */
  countRequest(path: string, method: string, status: number, seconds: number): void {
    const known = methods.includes(method) ? method : "other"; // a client's words must not fill the memory
    const labels = `path="${path}",method="${known}",status="${status}"`;
    this.#requests.set(labels, (this.#requests.get(labels) ?? 0) + 1);
    const times = this.#times.get(path) ?? { buckets: edges.map(() => 0), sum: 0, count: 0 };
    edges.forEach((edge, i) => times.buckets[i] += seconds <= edge ? 1 : 0);
    times.sum += seconds;
    times.count++;
    this.#times.set(path, times);
  }

  /** Counts a window, or a beginning, that a model was asked about. */
  countWindow(isRead: boolean): void {
    if (isRead) this.#windows++;
    else this.#failures++;
  }

  /** Everything as text. @param gauges What is so now, by its name: help and value. */
  format(gauges: Readonly<Record<string, readonly [help: string, value: number]>>): string {
    const lines: string[] = [];
    const family = (name: string, type: string, help: string) =>
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    family("melstream_requests_total", "counter", "Requests answered.");
    for (const [labels, count] of this.#requests) {
      lines.push(`melstream_requests_total{${labels}} ${count}`);
    }
    const seconds = "melstream_request_seconds";
    family(seconds, "histogram", "Time from a request's head to its answer's end.");
    for (const [path, { buckets, sum, count }] of this.#times) {
      edges.forEach((edge, i) =>
        lines.push(`${seconds}_bucket{path="${path}",le="${edge}"} ${buckets[i]}`)
      );
      lines.push(
        `${seconds}_bucket{path="${path}",le="+Inf"} ${count}`,
        `${seconds}_sum{path="${path}"} ${sum}`,
        `${seconds}_count{path="${path}"} ${count}`,
      );
    }
    family("melstream_windows_total", "counter", "Windows of sound that the model labelled.");
    lines.push(`melstream_windows_total ${this.#windows}`);
    family("melstream_unreadable_total", "counter", "Windows that could not be read.");
    lines.push(`melstream_unreadable_total ${this.#failures}`);
    for (const [name, [help, value]] of Object.entries(gauges)) {
      family(name, "gauge", help);
      lines.push(`${name} ${value}`);
    }
    return `${lines.join("\n")}\n`;
  }
}
