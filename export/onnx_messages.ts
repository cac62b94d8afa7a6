/** The messages that an ONNX file is made of; field numbers and enumerations are those of `onnx.proto`. */
import { type Encoded, encodeMessage, type Field } from "./protobuf.ts";

/**
 * Version of the operators: the first in which all that are used here mean what they mean today, so that old
 * and small runtimes read the file, too.
 */
const opsetVersion = 13;
/** Version of the file's own format that came with it. */
const irVersion = 7;

/** Types of a tensor's elements. */
export const elementTypes = { float32: 1, int64: 7 } as const;
const attributeTypes = { float: 1, int: 2, ints: 7 } as const;

/** A setting of a node: a whole number, a list of those, or any number. */
export type Attribute = number | readonly number[] | { readonly float32: number };

/** One operation. */
export interface NodeParts {
  /** Which, by ONNX's name: `Conv`. */
  readonly operator: string;
  /** Names of the values it takes. */
  readonly inputs: readonly string[];
  /** Names of the values it gives. */
  readonly outputs: readonly string[];
  /** Its settings. */
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** An input or output of a graph: float32. */
export interface GraphValue {
  /** Its name. */
  readonly name: string;
  /** Its axes: a length, or the name of one that differs from call to call. */
  readonly axes: readonly (number | string)[];
  /** What it is, for people. */
  readonly help: string;
}

/** What a file says of itself. */
export interface ModelInfo {
  /** Name and version of the program that wrote it. */
  readonly program: string;
  /** What the graph computes, for people. */
  readonly help: string;
  /** Further entries, by their keys. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The graph's parts, encoded already where they are many. */
export interface GraphParts {
  /** Operations, each behind those whose outputs it takes. */
  readonly nodes: readonly Encoded[];
  /** Constants. */
  readonly constants: readonly Encoded[];
  /** What it takes. */
  readonly inputs: readonly GraphValue[];
  /** What it gives. */
  readonly outputs: readonly GraphValue[];
}

/** A `NodeProto`. */
export function encodeNode({ operator, inputs, outputs, attributes }: NodeParts): Encoded {
  return encodeMessage([
    ...inputs.map((input): Field => [1, input]),
    ...outputs.map((output): Field => [2, output]),
    [3, outputs[0]],
    [4, operator],
    ...Object.entries(attributes).map(([name, value]): Field => [
      5,
      encodeMessage([[1, name], ...attributeFields(value)]),
    ]),
  ]);
}

function attributeFields(value: Attribute): Field[] {
  if (typeof value === "number") return [[3, value], [20, attributeTypes.int]];
  if ("float32" in value) return [[2, value], [20, attributeTypes.float]];
  return [...value.map((each): Field => [8, each]), [20, attributeTypes.ints]];
}

/** A `TensorProto`. @param bytes Its values, little-endian, row-major. */
export function encodeTensor(
  name: string,
  shape: readonly number[],
  type: number,
  bytes: Uint8Array,
): Encoded {
  const axes = shape.map((length): Field => [1, length]);
  return encodeMessage([...axes, [2, type], [8, name], [9, bytes]]);
}

/** A `ModelProto`. */
export function encodeModel(
  { nodes, constants, inputs, outputs }: GraphParts,
  { program, help, metadata }: ModelInfo,
): Encoded {
  const [name, version] = program.split(" ");
  const graph = encodeMessage([
    ...nodes.map((node): Field => [1, node]),
    [2, name],
    ...constants.map((constant): Field => [5, constant]),
    ...inputs.map((input): Field => [11, encodeValue(input)]),
    ...outputs.map((output): Field => [12, encodeValue(output)]),
  ]);
  const operators = encodeMessage([[1, ""], [2, opsetVersion]]);
  return encodeMessage([
    [1, irVersion],
    [2, name],
    [3, version ?? ""],
    [6, help],
    [7, graph],
    [8, operators],
    ...Object.entries(metadata).map(([key, value]): Field => [
      14,
      encodeMessage([[1, key], [2, value]]),
    ]),
  ]);
}

/** A `ValueInfoProto`. */
function encodeValue({ name, axes, help }: GraphValue): Encoded {
  const shape = encodeMessage(axes.map((axis): Field => [
    1,
    encodeMessage([typeof axis === "number" ? [1, axis] : [2, axis]]),
  ]));
  const tensor = encodeMessage([[1, elementTypes.float32], [2, shape]]);
  return encodeMessage([[1, name], [2, encodeMessage([[1, tensor]])], [3, help]]);
}
