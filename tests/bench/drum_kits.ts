/**
 * Lays out 343 drum sounds of 14 kits by what is struck, `OUT/LABEL/KIT__FILE`: a set in which clips to test can be of
 * other kits than those that are trained on (`--apart '^.+?(?=__)'` of `accuracy_bench.ts`). They come with Debian:
 *
 *     apt-get download hydrogen-drumkits hydrogen-data lmms-common
 *     for package in *.deb; do dpkg-deb -x "$package" unpacked; done
 *     deno run -A tests/bench/drum_kits.ts unpacked OUT
 */
import { basename } from "../../deps/std_path.ts";
import { readCsvRows } from "../../pipeline/sources/csv_rows.ts";

const [unpacked, out] = Deno.args;
const list = new URL("./drum_kits.csv", import.meta.url).pathname;
let count = -1; // the heading
for await (const { row: [label, kit, path] } of readCsvRows(list)) {
  if (++count === 0) continue;
  await Deno.mkdir(`${out}/${label}`, { recursive: true });
  await Deno.copyFile(`${unpacked}/${path}`, `${out}/${label}/${kit}__${basename(path)}`);
}
console.log(`${count} sounds in ${out}`);
