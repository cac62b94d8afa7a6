/** Files as backbones: recognised or asked about, found again by their contents, and refused. */
import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { BackboneError, findBackbone, openBackbone } from "../../backbone/backbone.ts";
import { resolveCard } from "../../backbone/card.ts";
import { resolveFeeding } from "../../backbone/feeding.ts";
import { knownBackbones, knownCardOf } from "../../backbone/known_cards.ts";
import { type OnnxFile, readOnnx } from "../../backbone/onnx_file.ts";
import { keyOf, parseOrigin } from "../../backbone/origin.ts";
import { encodeMessage, type Field, joinPieces } from "../../export/protobuf.ts";
import { assertFails } from "../assert_failure.ts";
import { withFolder } from "../fixtures.ts";
import { meanAndMax, onnxOf } from "./files.ts";

type Axes = readonly (number | string)[];
type Named = readonly [string, Axes];
const value = (name: string, axes: Axes) => ({ name, axes, elementType: "float32" });
const fileOf = (inputs: readonly Named[], outputs: readonly Named[]): OnnxFile => ({
  inputs: inputs.map(([name, axes]) => value(name, axes)),
  outputs: outputs.map(([name, axes]) => value(name, axes)),
});

/** Files as their publishers have them. */
const published: readonly (readonly [name: RegExp, file: OnnxFile, size: number])[] = [
  [/^Google/, fileOf([["input_1", ["n", 76, 32, 1]]], [["conv2d_19", ["n", 1, 1, 96]]]), 96],
  [
    /^YAMNet/,
    fileOf([["waveform", ["n"]]], [["0", ["f", 521]], ["1", ["f", 1024]], ["2", ["f", 64]]]),
    1024,
  ],
  [/^VGGish/, fileOf([["in", ["n", 1, 96, 64]]], [["out", ["n", 128]]]), 128],
  [
    /^PANNs/,
    fileOf([["wave", ["b", "n"]]], [["clipwise_output", ["b", 527]], ["embedding", ["b", 2048]]]),
    2048,
  ],
  [/^EfficientAT/, fileOf([["wave", ["b", "n"]]], [["a", ["b", 527]], ["b", ["b", 960]]]), 960],
  [/^EfficientAT/, fileOf([["wave", ["b", "n"]]], [["a", ["b", 527]], ["b", ["b", 3840]]]), 3840],
  [/^PANNs/, fileOf([["wave", ["b", "n"]]], [["a", ["b", 527]], ["b", ["b", 512]]]), 512],
  [
    /^Perch/,
    fileOf([["inputs", ["batch", 160000]]], [
      ...[["spatial_embedding", ["batch", 16, 4, 1536]], ["embedding", ["batch", 1536]]] as const,
      ...[["spectrogram", ["batch", 500, 128]], ["label", ["batch", 14795]]] as const,
    ]),
    1536,
  ],
  [/^Perch/, fileOf([["in", ["b", 160000]]], [["l", ["b", 10932]], ["e", ["b", 1280]]]), 1280],
  [
    ...[/^BirdNET V2\.4$/, fileOf([["INPUT", ["b", 144000]]], [["e", ["b", 1024]]])] as const,
    1024,
  ],
  [
    /^BirdNET V2\.4, by its species' scores$/,
    fileOf([["input", ["b", 144000]]], [["output", ["b", 6522]]]),
    6522,
  ],
  ...["n", 160000].map((samples) =>
    [
      /^BirdNET\+ V3\.0$/,
      fileOf([["input", ["b", samples]]], [["e", ["b", 1280]], ["p", ["b", 11560]]]),
      1280,
    ] as const
  ),
  [
    /^Wav2Vec/,
    fileOf([["input_values", ["b", "n"]]], [["last_hidden_state", ["b", "f", 768]]]),
    768,
  ],
];

Deno.test("networks that people have are known by their inputs and outputs", () => {
  const found = new Set(published.map(([, file]) => knownBackbones.find(({ fits }) => fits(file))));
  assertStrictEquals(found.size, knownBackbones.length);
  for (const [name, file, size] of published) {
    const card = resolveCard(knownCardOf(file), "known");
    assertMatch(card.name, name);
    const { size: known, output } = resolveFeeding(file, card);
    assertStrictEquals(known, size, card.name);
    assert(output !== "spatial_embedding", "the pooled one of two");
  }
  for (const [name, file] of published) {
    if (!name.source.includes("V2")) continue;
    assertMatch(resolveCard(knownCardOf(file), "known").notice!, /not for commercial use/);
  }
  assertStrictEquals(knownCardOf(fileOf([["x", ["b", "n"]]], [["y", ["b", 10]]])), undefined);
});

Deno.test("how a network is fed is read off its shapes; what they do not tell is asked for", () => {
  const card = resolveCard({ name: "a", rateHz: 8000, seconds: 0.5 }, "here");
  const axesOf = (...axes: Axes) => {
    const { axes: kinds, length, batch } = resolveFeeding(
      fileOf([["x", axes]], [["y", ["b", 4]]]),
      card,
    );
    return [kinds.join(" "), length, batch];
  };
  assertEquals(axesOf("n"), ["samples", 4000, 1]);
  assertEquals(axesOf(16000), ["samples", 16000, 1]);
  assertEquals(axesOf("b", "n"), ["batch samples", 4000, undefined]);
  assertEquals(axesOf(1, 1, 16000), ["batch one samples", 16000, 1]);
  assertEquals(axesOf("b", 16000, 1), ["batch samples one", 16000, undefined]);
  const failures: readonly (readonly [OnnxFile, object, RegExp])[] = [
    [fileOf([["x", ["b", 64, 96]]], [["y", ["b", 4]]]), {}, /\(frontEnd\), .*x \[b, 64, 96\]/],
    [fileOf([["x", ["b", 9]], ["m", ["b"]]], [["y", ["b", 4]]]), {}, /one input: x .*; m/],
    [
      fileOf([["x", ["b", 9]]], [["y", ["b", 4]], ["z", ["b", 5]]]),
      {},
      /must name the output .*y .*z/,
    ],
    [fileOf([["x", ["b", 9]]], [["y", ["b", "?"]]]), {}, /of known length/],
    [
      fileOf([["x", ["b", 9]]], [["y", ["b", 1]]]),
      {},
      /several numbers .*y \[b, 1\] has one at -1/,
    ],
    [fileOf([["x", ["b", 9]]], [["y", ["b", 4]]]), { embedding: "q" }, /must be there, q: y/],
    [
      { inputs: [{ ...value("x", ["b", 9]), elementType: "float16" }], outputs: [value("y", [4])] },
      ...[{}, /x must be of float32: it is of float16/] as const,
    ],
  ];
  for (const [file, more, message] of failures) {
    assertFails(() => resolveFeeding(file, { ...card, ...more }), message);
  }
});

Deno.test("a card is held to its fields, and reaches for no file elsewhere", () => {
  const failures: readonly (readonly [object, RegExp])[] = [
    [{ name: "a" }, /rateHz must be a number from 1000/],
    [
      { name: "a", rateHz: 16000, rate: 1 },
      /each of its fields must be one of name, .*, frontEnd: current value is rate/,
    ],
    [
      { name: "a", rateHz: 16000, frontEnd: { onnx: "../x.onnx" } },
      /onnx must be the name of a file/,
    ],
    [
      { name: "a", rateHz: 16000, frontEnd: { melBands: 8, fftSize: 300 } },
      /fftSize must be a power/,
    ],
    [{ name: "a", rateHz: 8000, frontEnd: { maxHz: 5000 } }, /maxHz must be at most half/],
  ];
  for (const [card, message] of failures) assertFails(() => resolveCard(card, "x.json"), message);
});

/** What Google's speech embedding looks like from outside. */
function speechLike(): Uint8Array<ArrayBuffer> {
  const outputs = [{ name: "e", axes: ["b", 1, 1, 96] }];
  return onnxOf(["b", 76, 32, 1], outputs, (graph, input) => [graph.add("Identity", [input])]);
}

Deno.test("files that are no ONNX, cut off, or want others opened, are refused in one line", () =>
  withFolder(async (dir) => {
    const whole = meanAndMax(20);
    assertEquals(readOnnx(whole).inputs, [value("waveform", ["batch", 20])]);
    for (let length = 0; length < whole.length; length += 7) {
      assertFails(
        () => readOnnx(whole.subarray(0, length)),
        /^SyntaxError: it must be an ONNX file/,
      );
    }
    const message = (...fields: Field[]) => joinPieces(encodeMessage(fields));
    // A model of a graph with an initializer whose values lie in another file, whole or sparse; the same within
    // a node, a graph that a node has, and a function.
    const tensor = message([14, 1], [13, message([1, "location"], [2, "/etc/passwd"])]);
    const node = message([5, message([5, tensor])]), inner = message([6, message([1, node])]);
    const sparse = message([15, message([2, tensor])]), empty = message([2, "nothing"]);
    for (
      const [graph, ...more] of [
        [message([5, tensor])],
        ...[[sparse], [message([1, node])], [message([1, message([5, inner])])]],
        [empty, message([7, node])],
      ]
    ) {
      const functions = more.map((body): Field => [25, body]);
      assertFails(() => readOnnx(message([1, 7], [7, graph], ...functions)), /external data/);
    }
    let nested: Uint8Array<ArrayBuffer> = empty;
    for (let depth = 0; depth < 40; depth++) {
      nested = message([1, message([5, message([6, nested])])]);
    }
    assertFails(() => readOnnx(message([1, 7], [7, nested])), /graphs must be nested at most 32/);
    const axis = message([1, message([1, 2 ** 40])]);
    const input = message([1, "x"], [2, message([1, message([1, 1], [2, axis])])]);
    assertFails(
      () => readOnnx(message([1, 7], [7, message([11, input])])),
      /an axis must be at most 268435456 long: it is 1099511627776/,
    );
    // What would be a field every other byte.
    const full = new Uint8Array(2 ** 22).fill(8);
    assertFails(() => readOnnx(full), /messages must have at most 1048576 fields/);
    assertFails(() => readOnnx(full.fill(0)), /must be an ONNX file: its bytes are none/);
    assertFails(() => readOnnx(new Uint8Array()), /must be an ONNX file: there is no graph/);
    await Deno.writeFile(`${dir}/outside.onnx`, message([1, 7], [7, message([5, tensor])]));
    await Deno.writeTextFile(`${dir}/text.onnx`, "no network");
    await Deno.writeFile(`${dir}/unknown.onnx`, meanAndMax("n"));
    await Deno.writeFile(`${dir}/front.onnx`, speechLike());
    const named = (name: string, ...axes: number[]) => {
      const shape = message(...axes.map((length): Field => [1, message([1, length])]));
      return message([1, name], [2, message([1, message([1, 1], [2, shape])])]);
    };
    const ends: Field[] = [[11, named("x", 1, 512)], [11, named("h", 2, 64)], [
      12,
      named("y", 1, 64),
    ]];
    await Deno.writeFile(`${dir}/state.onnx`, message([1, 7], [7, message(...ends)]));
    using large = await Deno.open(`${dir}/large.onnx`, { create: true, write: true });
    await large.truncate(3e9); // without taking room
    const failures: Readonly<Record<string, RegExp>> = {
      outside: /outside\.onnx as a backbone as all of it must be in the one file: .*external data/,
      text: /text\.onnx as a backbone as it must be an ONNX file/,
      large:
        /large\.onnx as a backbone as it must have at most 2147483647 bytes: it has 3000000000/,
      unknown: /its sample rate cannot be told by its input, waveform \[batch, n\]: unknown\.json/,
      front: /melspectrogram\.onnx, must lie beside it: there is none/,
      state: /state\.onnx as a backbone as it must have one input: x \[1, 512\]; h \[2, 64\]/,
      missing: /missing\.onnx/,
      folder: /folder\.onnx as a backbone as it must be a file/,
      zeros: /zeros\.onnx as a backbone as it must be an ONNX file/,
    };
    await Deno.mkdir(`${dir}/folder.onnx`);
    using zeros = await Deno.open(`${dir}/zeros.onnx`, { create: true, write: true });
    await zeros.truncate(1e6);
    for (const [name, expected] of Object.entries(failures)) {
      const error = await openBackbone(`${dir}/${name}.onnx`).catch((error) => error);
      assertStrictEquals(error.constructor, BackboneError, name);
      assertMatch(error.message, expected);
      assertMatch(error.message, /^Cannot [^\n]*$/);
    }
  }));

Deno.test("a card beside a file says what its shapes do not, and a file is found again by its contents", () =>
  withFolder(async (dir) => {
    const path = `${dir}/net.onnx`;
    await Deno.writeFile(path, meanAndMax("n"));
    await Deno.writeTextFile(`${dir}/net.json`, JSON.stringify({ rateHz: 8000, licence: "mine" }));
    const { networkBytes: _, recognised, from: __, ...origin } = await openBackbone(path);
    assertEquals([origin.card.name, origin.card.licence, recognised], [
      ...["net", "mine", "as net.json says"],
    ]);
    assertEquals(keyOf(parseOrigin(JSON.parse(JSON.stringify(origin)))), keyOf(origin));
    // What a card says of a network that is known goes before that, and the difference is said.
    await Deno.writeFile(`${dir}/voice.onnx`, speechLike());
    await Deno.writeFile(`${dir}/melspectrogram.onnx`, meanAndMax("n"));
    await Deno.writeTextFile(`${dir}/voice.json`, '{"rateHz":8000,"licence":"mine"}');
    const voice = await openBackbone(`${dir}/voice.onnx`);
    assertEquals([voice.card.rateHz, voice.recognised], [
      ...[8000, "as voice.json says, other than is known of it: rateHz 8000, not 16000"],
    ]);
    await Deno.remove(`${dir}/net.json`); // what it said is kept
    await findBackbone(origin, {});
    await Deno.mkdir(`${dir}/model`);
    await Deno.rename(path, `${dir}/moved.onnx`);
    const missing =
      /its backbone, net \(net\.onnx, SHA-256 [0-9a-f]{12}…\), must be there: it is not at .*net\.onnx/;
    await assertFails(findBackbone(origin, { folder: `${dir}/model` }), missing);
    await findBackbone(origin, { named: `${dir}/moved.onnx` });
    await Deno.writeFile(path, meanAndMax(20));
    await assertFails(findBackbone(origin, {}), /net\.onnx is another file \(--backbone FILE/);
    await Deno.copyFile(`${dir}/moved.onnx`, `${dir}/model/backbone.onnx`);
    await findBackbone(origin, { folder: `${dir}/model` });
    for (
      const [field, damaged] of [
        ["network.sha256", { ...origin, network: { sha256: "x" } }],
        ["feeding.size", { ...origin, feeding: { ...origin.feeding, size: 0 } }],
      ] as const
    ) assertFails(() => parseOrigin(damaged), new RegExp(`backbone.${field}`));
  }));
