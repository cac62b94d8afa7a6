import type { ModelCard } from "../model/model_card.ts";
import type { NetworkNode } from "../model/network.ts";
import { resolveNetwork } from "../model/resolve_network.ts";
import { encodeWeights, type SavedModel } from "../model/saved_model.ts";
import { findWeight } from "../model/weights.ts";
import { channelsFirst, permute, type Tensor } from "./tensor.ts";

/** PyTorch's names for the weights of each operation, in their order. */
const torchNames: { readonly [Op in NetworkNode["op"]]: readonly string[] } = {
  rescale: [],
  conv: ["weight"],
  "batch-norm": ["weight", "bias", "running_mean", "running_var"],
  relu: [],
  "max-pool": [],
  add: [],
  mean: [],
  max: [],
  flatten: [],
  dense: ["weight", "bias"],
  dropout: [],
};

interface NamedTensor extends Tensor {
  readonly name: string;
}

/**
 * A model's weights as a safetensors file (https://github.com/huggingface/safetensors, «Format»): float32, under
 * the names and in the layouts of PyTorch's modules, `conv_1.weight` `[out, in, height, width]`, `dense.weight`
 * `[out, in]`, `batch_norm_1.running_mean`. The metadata's `card` is the model's card as JSON.
 */
export function createSafetensors({ card, weights }: SavedModel): Uint8Array<ArrayBuffer> {
  const tensors = resolveNetwork(card.network).flatMap(({ node, weights: shapes }) =>
    shapes.map((shape, i): NamedTensor => ({
      name: `${node.name}.${torchNames[node.op][i]}`,
      ...arrangeForTorch(findWeight(weights, shape)),
    }))
  );
  const values = encodeWeights(tensors), header = encodeHeader(card, tensors);
  const bytes = new Uint8Array(8 + header.length + values.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  bytes.set(values, 8 + header.length);
  return bytes;
}

/** Kernels, which alone have more than one axis, with the outputs' first. */
function arrangeForTorch({ shape, values }: Tensor): Tensor {
  if (shape.length === 4) return channelsFirst({ shape, values });
  return shape.length === 2 ? permute({ shape, values }, [1, 0]) : { shape, values };
}

/** The header's JSON, padded with spaces so that the values behind it are aligned. */
function encodeHeader(
  card: ModelCard,
  tensors: readonly NamedTensor[],
): Uint8Array {
  const entries: Record<string, unknown> = {
    __metadata__: { format: "pt", program: card.program, card: JSON.stringify(card) },
  };
  let end = 0;
  for (const { name, shape, values } of tensors) {
    const begin = end;
    end += 4 * values.length;
    entries[name] = { dtype: "F32", shape, data_offsets: [begin, end] };
  }
  const json = new TextEncoder().encode(JSON.stringify(entries));
  const header = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20);
  header.set(json);
  return header;
}
