import { parse } from "../../deps/std_csv.ts";
import { fromFileUrl } from "../../deps/std_path.ts";
import { readAsset } from "../../wasm/load.ts";
import { fileLocation } from "../locations/location.ts";
import type { Recording } from "../recording.ts";
import type { Dataset } from "./dataset.ts";

/** The recordings that come with the program: `data/README.md` says what they are. */
export async function openDefaultDataset(): Promise<Dataset> {
  // The import brings the package along, into a compiled program too; its address leads to the files.
  await import("supersonic-scsynth-samples/package.json", { with: { type: "json" } });
  const samples = new URL(
    "./samples/",
    import.meta.resolve("supersonic-scsynth-samples/package.json"),
  );
  const readManifest = async (name: string): Promise<Recording[]> => {
    const text = new TextDecoder().decode(
      await readAsset(new URL(`../../data/${name}.csv`, import.meta.url)),
    );
    const rows = parse(text, { skipFirstRow: true, columns: ["filename", "label"] });
    return rows.map(({ filename, label }) => ({
      id: filename,
      location: fileLocation(fromFileUrl(new URL(filename, samples))),
      labels: [label],
    }));
  };
  const train = await readManifest("train"), test = await readManifest("test");
  const classes = [...new Set(train.flatMap((clip) => clip.labels!))].sort();
  return { origin: "the default recordings (data/README.md)", classes, train, test };
}
