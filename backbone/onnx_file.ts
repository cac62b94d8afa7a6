/**
 * What an ONNX file says of itself, read without a runtime: inputs and outputs, and whether it would have other
 * files opened. Field numbers are those of `onnx.proto`.
 */

/** An input or output. */
export interface OnnxValue {
  /** Its name. */
  readonly name: string;
  /** Type of its elements, by ONNX's name. */
  readonly elementType: string;
  /** Its axes: a length, or what the file calls one that differs from call to call. */
  readonly axes: readonly (number | string)[];
}

/** What was read of a file. */
export interface OnnxFile {
  /** What it has to be fed with: without what it has values for itself. */
  readonly inputs: readonly OnnxValue[];
  /** What it computes. */
  readonly outputs: readonly OnnxValue[];
}

/** Names of `TensorProto.DataType`, by their numbers. */
const elementTypes = [
  ...[
    "undefined",
    "float32",
    "uint8",
    "int8",
    "uint16",
    "int16",
    "int32",
    "int64",
    "string",
    "bool",
  ],
  ...["float16", "float64", "uint32", "uint64", "complex64", "complex128", "bfloat16"],
];

/** Longest axis that is believed. */
const longestAxis = 2 ** 28;

/** A field of a message: a number, or a run of bytes. */
interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

/**
 * Reads the parts of an ONNX file that say what it is.
 *
 * @throws {SyntaxError} where it is no ONNX file, is cut off, or names other files as the place of its weights:
 * one line, behind «as».
 */
export function readOnnx(bytes: Uint8Array): OnnxFile {
  const model = [...fieldsOf(bytes)];
  const graphs = messages(model, 7);
  if (graphs.length !== 1 || !model.some(({ number }) => number === 1)) {
    throw new SyntaxError("it must be an ONNX file: there is no graph in it");
  }
  const graph = [...fieldsOf(graphs[0])];
  refuseOtherFiles(graph, 0);
  for (const body of messages(model, 25)) refuseInNodes(messages([...fieldsOf(body)], 7), 0);
  const own = new Set(messages(graph, 5).map((tensor) => textAt(tensor, 8)));
  return {
    inputs: messages(graph, 11).map(readValue).filter(({ name }) => !own.has(name)),
    outputs: messages(graph, 12).map(readValue),
  };
}

function readValue(bytes: Uint8Array): OnnxValue {
  const name = textAt(bytes, 1), [type] = messages([...fieldsOf(bytes)], 2);
  const [tensor] = type ? messages([...fieldsOf(type)], 1) : [];
  if (!tensor) return { name, elementType: "no tensor", axes: [] };
  const parts = [...fieldsOf(tensor)], [shape] = messages(parts, 2);
  const type1 = parts.find(({ number }) => number === 1)?.value;
  const axes = shape ? messages([...fieldsOf(shape)], 1).map(readAxis) : [];
  return { name, elementType: elementTypes[Number(type1 ?? 0)] ?? `type ${type1}`, axes };
}

function readAxis(bytes: Uint8Array): number | string {
  for (const { number, value } of fieldsOf(bytes)) {
    if (number === 1 && typeof value === "number" && value > 0) {
      if (value > longestAxis) {
        throw new SyntaxError(`an axis must be at most ${longestAxis} long: it is ${value}`);
      }
      return value;
    }
    if (number === 2 && value instanceof Uint8Array) return new TextDecoder().decode(value);
  }
  return "?";
}

/** Graphs within graphs are followed so deep. */
const deepest = 32;

/** @throws {SyntaxError} where a tensor's values lie in another file. */
function refuseOtherFiles(graph: readonly Field[], depth: number): void {
  if (depth > deepest) throw new SyntaxError(`its graphs must be nested at most ${deepest} deep`);
  for (const tensor of messages(graph, 5)) refuseElsewhere(tensor);
  for (const sparse of messages(graph, 15)) {
    const parts = [...fieldsOf(sparse)];
    for (const tensor of [...messages(parts, 1), ...messages(parts, 2)]) refuseElsewhere(tensor);
  }
  refuseInNodes(messages(graph, 1), depth);
}

function refuseInNodes(nodes: readonly Uint8Array[], depth: number): void {
  for (const node of nodes) {
    for (const attribute of messages([...fieldsOf(node)], 5)) {
      const parts = [...fieldsOf(attribute)];
      for (const tensor of [...messages(parts, 5), ...messages(parts, 10)]) refuseElsewhere(tensor);
      for (const graph of [...messages(parts, 6), ...messages(parts, 11)]) {
        refuseOtherFiles([...fieldsOf(graph)], depth + 1);
      }
    }
  }
}

function refuseElsewhere(tensor: Uint8Array): void {
  for (const { number, value } of fieldsOf(tensor)) {
    if (number !== 13 && !(number === 14 && value !== 0)) continue;
    throw new SyntaxError(
      "all of it must be in the one file: weights are in another (external data)",
    );
  }
}

function messages(fields: readonly Field[], wanted: number): Uint8Array[] {
  return fields.flatMap(({ number, value }) =>
    number === wanted && value instanceof Uint8Array ? [value] : []
  );
}

function textAt(bytes: Uint8Array, wanted: number): string {
  const [value] = messages([...fieldsOf(bytes)], wanted);
  return new TextDecoder().decode(value);
}

/** Most fields of a message that are looked at: a network has one a node, or a tensor. */
const mostFields = 2 ** 20;

/** The fields of a message; runs of bytes are views. @throws {SyntaxError} where it is none. */
function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0, numFields = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1;; factor *= 128) {
      if (at >= bytes.length || factor > 2 ** 63) refuse();
      const byte = bytes[at++];
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  const take = (length: number) => {
    if (length > bytes.length - at) refuse();
    return bytes.subarray(at, at += length);
  };
  while (at < bytes.length) {
    const tag = varint(), number = Math.floor(tag / 8);
    if (number === 0) refuse(); // a file of zeros, for one
    if (++numFields > mostFields) {
      throw new SyntaxError(`its messages must have at most ${mostFields} fields`);
    }
    switch (tag % 8) {
      case 0:
        yield { number, value: varint() };
        break;
      case 1:
        yield { number, value: take(8) };
        break;
      case 2:
        yield { number, value: take(varint()) };
        break;
      case 5:
        yield { number, value: take(4) };
        break;
      default:
        refuse();
    }
  }
}

function refuse(): never {
  throw new SyntaxError("it must be an ONNX file: its bytes are none, or are cut off");
}
