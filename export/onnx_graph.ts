import { encodeWeights } from "../model/saved_model.ts";
import {
  type Attribute,
  elementTypes,
  encodeModel,
  encodeNode,
  encodeTensor,
  type GraphValue,
  type ModelInfo,
} from "./onnx_messages.ts";
import { type Encoded, joinPieces } from "./protobuf.ts";
import type { Tensor } from "./tensor.ts";

/** Name of a value in a graph. */
export type ValueName = string;

/** Most bytes of a message in Protocol Buffers. */
const maxBytes = 2 ** 31 - 1;

/** An ONNX graph under way: nodes and constants, in the order of computing, or a part of one. */
export class OnnxGraph {
  readonly #nodes: Encoded[] = [];
  readonly #constants: Encoded[] = [];
  readonly #names: Set<string> = new Set();
  readonly #prefix: string = "";

  /**
   * Begins a graph.
   *
   * @param whole The graph that it is a part of; `OnnxGraph.part` supplies it.
   */
  constructor(whole?: OnnxGraph, name?: string) {
    if (!whole) return;
    this.#nodes = whole.#nodes;
    this.#constants = whole.#constants;
    this.#names = whole.#names;
    this.#prefix = `${whole.#prefix}${name}/`;
  }

  /** A part of the graph: what is added there is named `NAME/…`. */
  part(name: string): OnnxGraph {
    return new OnnxGraph(this, name);
  }

  /** Adds a node with one output, whose name it returns. */
  add(
    operator: string,
    inputs: readonly ValueName[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): ValueName {
    const output = this.#nameFor(operator);
    this.#nodes.push(encodeNode({ operator, inputs, outputs: [output], attributes }));
    return output;
  }

  /** Makes a value an output of the whole graph, under a name of its own. */
  addOutput(value: ValueName, name: ValueName): void {
    const parts = { operator: "Identity", inputs: [value], outputs: [name], attributes: {} };
    this.#nodes.push(encodeNode(parts));
  }

  /** Adds a constant. */
  constant(name: string, { shape, values }: Tensor): ValueName {
    return this.#addConstant(name, shape, elementTypes.float32, encodeWeights([{ values }]));
  }

  /** Adds a constant number. */
  number(value: number): ValueName {
    return this.constant("number", { shape: [], values: Float32Array.of(value) });
  }

  /** Adds constant whole numbers: a list, or a table where its shape is given. */
  integers(values: readonly number[], shape: readonly number[] = [values.length]): ValueName {
    const bytes = new Uint8Array(8 * values.length), view = new DataView(bytes.buffer);
    values.forEach((value, i) => view.setBigInt64(8 * i, BigInt(value), true));
    return this.#addConstant("integers", shape, elementTypes.int64, bytes);
  }

  /**
   * The whole graph as the bytes of a file.
   *
   * @throws {RangeError} where they would be more than such a file can have.
   */
  encode(
    inputs: readonly GraphValue[],
    outputs: readonly GraphValue[],
    info: ModelInfo,
  ): Uint8Array<ArrayBuffer> {
    const parts = { nodes: this.#nodes, constants: this.#constants, inputs, outputs };
    const model = encodeModel(parts, info);
    if (model.numBytes > maxBytes) {
      throw new RangeError(
        `Cannot write this model as ONNX as it must have at most ${maxBytes} bytes: ` +
          `current value is ${model.numBytes}`,
      );
    }
    return joinPieces(model);
  }

  #addConstant(name: string, shape: readonly number[], type: number, bytes: Uint8Array): ValueName {
    const unique = this.#nameFor(name);
    this.#constants.push(encodeTensor(unique, shape, type, bytes));
    return unique;
  }

  #nameFor(word: string): ValueName {
    const first = this.#prefix + word;
    let name = first;
    for (let count = 2; this.#names.has(name); count++) name = `${first}_${count}`;
    this.#names.add(name);
    return name;
  }
}
