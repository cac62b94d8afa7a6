/**
 * Where everything lies in the kernels' memory: a pure function of the network, the number of threads
 * and the largest batch, so that every thread makes the same plan for itself.
 */
import type { BlockChain, ConvBlock } from "../match_blocks.ts";
import { createParameterLayout, padded, type ParameterLayout } from "./parameters.ts";

/** Byte addresses and sizes of one block of the network. */
export interface LayerPlan {
  /** What it computes; channels here are padded. */
  readonly block: ConvBlock;
  /** Of the block's convolution: y is `[height][width][outputs]`. */
  readonly height: number;
  readonly width: number;
  /** Channels as the kernels see them: 1 for the first block, else padded. */
  readonly inputs: number;
  readonly outputs: number;
  /** After pooling. */
  readonly pooledHeight: number;
  readonly pooledWidth: number;
  readonly tilesDown: number;
  readonly tilesAcross: number;
  /** The block's input, zero-padded, one image: address, bytes a row, bytes an image. */
  readonly x: number;
  readonly xRow: number;
  readonly xImage: number;
  /** The convolution's output; the first block's is never stored, its `y` is 0. */
  readonly y: number;
  readonly yRow: number;
  readonly yImage: number;
  /** The largest y of each pooling window. */
  readonly selected: number;
  readonly selectedImage: number;
  /** dLoss/dx, laid out as x, until the block before has read it; the first block has none. */
  readonly dx: number;
  /** Per image: mean and squared deviations of each channel, later the gradient's two sums. */
  readonly moments: number;
  readonly gradientSums: number;
  /** Six rows of coefficients of the batch normalisation. */
  readonly coefficients: number;
  /** Factor and addend of the folded running statistics. */
  readonly factor: number;
  readonly addend: number;
  /** Transformed kernels: for the forward pass, transposed, and with the statistics folded in. */
  readonly packed: number;
  readonly transposed: number;
  readonly folded: number;
  /** Partial gradients of the kernel until they are added up: one a lane, or one an image for the first block. */
  readonly partials: number;
  /** Tiles a block in each pass. */
  readonly forwardBlock: number;
  readonly backwardBlock: number;
}

/** The whole memory. Addresses and sizes are in bytes. */
export interface MemoryPlan {
  readonly layout: ParameterLayout;
  readonly layers: readonly LayerPlan[];
  readonly parameters: number;
  readonly gradients: number;
  readonly firstMoments: number;
  readonly secondMoments: number;
  readonly runningStatistics: number;
  /** Channels of the last block, dense units and classes, padded. */
  readonly features: number;
  readonly units: number;
  readonly classes: number;
  /** f64: sum of losses, sum of right answers, largest norm of the gradient. */
  readonly metrics: number;
  /** f32: the gradient's factor after clipping. */
  readonly gradientScale: number;
  /** f64 per task of the gradient phase. */
  readonly squares: number;
  readonly inputs: number;
  readonly targets: number;
  readonly dropoutMask: number;
  /** What global pooling gives. */
  readonly pooledFeatures: number;
  /**
   * `[numFrames][features]`, the gradient by each position of a frame of the last block's output; before,
   * with `mean-max`, the frames themselves. With `mean` all frames share one row.
   */
  readonly frames: number;
  readonly numFrames: number;
  readonly hidden: number;
  readonly hiddenGradients: number;
  readonly logits: number;
  readonly logitGradients: number;
  readonly probabilities: number;
  /** Pairs of f64 per example: loss and right answer. */
  readonly results: number;
  /** One area a thread. */
  readonly scratch: number;
  readonly scratchBytes: number;
  /** First byte of what depends on the batch: cleared when the plan changes. */
  readonly batchStart: number;
  /** Bytes in all. */
  readonly end: number;
  /** Examples it holds. */
  readonly capacity: number;
}

/**
 * Most lanes that the images of a batch are dealt to for a kernel's gradient: fixed, so that sums are too. At 16
 * the default batch goes to the threads image by image, which matters where one of them shares its core with
 * another program.
 */
const maxLanes = 16;

/** Tiles that a lane has at least: the sums of fewer take more time and memory than sharing them out gains. */
const tilesPerLane = 48;

/** Lanes of a batch whose images have so many tiles. */
function countLanes(batch: number, { tilesDown, tilesAcross }: TileGrid): number {
  return Math.min(Math.ceil(batch / Math.ceil(tilesPerLane / (tilesDown * tilesAcross))), maxLanes);
}

/** A layer's tiles. */
type TileGrid = Pick<LayerGeometry, "tilesDown" | "tilesAcross">;

/** Images of each lane of a batch: consecutive, as even as can be. */
export function laneRanges(batch: number, layer: TileGrid): { first: number; count: number }[] {
  const lanes = countLanes(batch, layer);
  return Array.from({ length: lanes }, (_, i) => {
    const first = Math.floor(batch * i / lanes);
    return { first, count: Math.floor(batch * (i + 1) / lanes) - first };
  });
}

/** Transformed tiles that fit the cache of one core beside the kernels that stream through it. */
const blockBytes = 2 << 20;

/** Tiles a block: as many as the cache allows, the tiles spread evenly, in fours. */
function tilesPerBlock(tiles: number, channels: number): number {
  const most = Math.max(12, Math.min(48, Math.floor(blockBytes / (36 * 4 * channels))));
  const blocks = Math.ceil(tiles / most);
  return Math.ceil(tiles / blocks / 4) * 4;
}

/** Rounded up to whole cache lines. */
function wholeLines(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}

/** Hands out addresses, each at a cache line's start. */
class Arena {
  // The first page is the kernels' own: the tables of exp and log lie there.
  #end = 0x10000;

  get end(): number {
    return this.#end;
  }

  floats(count: number): number {
    return this.bytes(4 * count);
  }

  bytes(count: number): number {
    const address = this.#end;
    this.#end = wholeLines(address + count);
    return address;
  }
}

/** Plans the memory for batches of up to `capacity` examples. */
export function createMemoryPlan(
  chain: BlockChain,
  capacity: number,
  threads: number,
): MemoryPlan {
  const arena = new Arena();
  const layout = createParameterLayout(chain.weights);
  const trained = () => arena.floats(layout.trainedFloats);
  const parameters = trained(), gradients = trained();
  const firstMoments = trained(), secondMoments = trained();
  const runningStatistics = arena.floats(layout.runningFloats);
  const { melBands, globalPooling, hidden, logits } = chain, numClasses = logits.units;
  const features = padded(hidden.inputs), units = padded(hidden.units);
  const classes = padded(numClasses);
  const metrics = arena.bytes(24), gradientScale = arena.bytes(4);
  const geometry = chain.blocks.map(layerGeometry);
  // No task of the gradient phase is smaller than eight rows of a kernel.
  const kernelRows = geometry.reduce((sum, { inputs }) => sum + inputs, features + units);
  const squares = arena.bytes(8 * (2 + Math.ceil(kernelRows / 8)));
  const fixed = geometry.map(({ inputs, outputs, winograd }) => {
    const kernelFloats = (winograd ? 36 : 9) * inputs * outputs;
    return {
      coefficients: arena.floats(6 * outputs),
      factor: arena.floats(outputs),
      addend: arena.floats(outputs),
      packed: winograd ? arena.floats(kernelFloats) : 0,
      transposed: winograd ? arena.floats(kernelFloats) : 0,
      folded: arena.floats(kernelFloats),
    };
  });

  const scratchBytes = Math.max(...geometry.map(scratchBytesOf));
  const scratch = arena.bytes(threads * scratchBytes);
  const batchStart = arena.end;
  const numFrames = globalPooling === "mean" ? 1 : geometry[geometry.length - 1].pooledWidth;
  const perExample = (floats: number) => arena.floats(capacity * floats);
  const backward = placeBackward(geometry, capacity, arena);
  const layers = geometry.map((shape, i): LayerPlan => {
    const { outputs, xImage, yImage, selectedImage, winograd } = shape;
    return {
      ...shape,
      ...fixed[i],
      x: arena.bytes(capacity * xImage),
      y: winograd ? arena.bytes(capacity * yImage) : 0,
      selected: arena.bytes(capacity * selectedImage),
      dx: winograd ? backward[i].dx : 0,
      moments: perExample(2 * outputs),
      gradientSums: perExample(2 * outputs),
      partials: winograd ? backward[i].partials : perExample(9 * outputs),
    };
  });
  return {
    layout,
    layers,
    parameters,
    gradients,
    firstMoments,
    secondMoments,
    runningStatistics,
    features,
    units,
    classes,
    metrics,
    gradientScale,
    squares,
    inputs: perExample(melBands * chain.numFrames),
    targets: perExample(numClasses),
    dropoutMask: perExample(units),
    pooledFeatures: perExample(features),
    frames: perExample(numFrames * features),
    numFrames,
    hidden: perExample(units),
    hiddenGradients: perExample(units),
    logits: perExample(classes),
    logitGradients: perExample(classes),
    probabilities: perExample(numClasses),
    results: arena.bytes(16 * capacity),
    scratch,
    scratchBytes,
    batchStart,
    end: arena.end,
    capacity,
  };
}

/**
 * Places what the backward pass leaves of a block for the next step alone, in memory that all blocks share: the
 * last one's partial gradients are most of it, and added up before the block ahead of it begins. Gradients of
 * inputs stand at its two ends in turn, as each is read while the next is written.
 */
function placeBackward(geometry: readonly LayerGeometry[], capacity: number, arena: Arena) {
  const bytes = geometry.map((layer) => ({
    dx: layer.winograd ? wholeLines(capacity * layer.xImage) : 0,
    partials: layer.winograd ? countLanes(capacity, layer) * 144 * layer.inputs * layer.outputs : 0,
  }));
  const behind = (i: number) => bytes[i + 1]?.dx ?? 0;
  const size = Math.max(...bytes.map(({ dx, partials }, i) => dx + partials + behind(i)));
  const start = arena.bytes(size);
  return bytes.map(({ dx }, i) =>
    i % 2 === 0
      ? { dx: start, partials: start + dx }
      : { dx: start + size - dx, partials: start + behind(i) }
  );
}

type LayerGeometry = ReturnType<typeof layerGeometry>;

/** Shapes and strides of a block. */
function layerGeometry(block: ConvBlock, i: number) {
  const { height, width, pooledHeight, pooledWidth } = block, winograd = i > 0;
  const inputs = winograd ? padded(block.inputs) : block.inputs, outputs = padded(block.outputs);
  const tilesDown = Math.ceil(height / 4), tilesAcross = Math.ceil(width / 4);
  // Rows end with whole tiles, or with whole blocks of six or eight pixels of the direct kernels.
  const xColumns = (winograd ? 4 * tilesAcross : Math.ceil(width / 24) * 24) + 2;
  const xRows = (winograd ? 4 * tilesDown : height) + 2;
  return {
    block,
    winograd,
    height,
    width,
    inputs,
    outputs,
    pooledHeight,
    pooledWidth,
    tilesDown,
    tilesAcross,
    xRow: 4 * xColumns * inputs,
    xImage: 4 * xRows * xColumns * inputs,
    yRow: 4 * (xColumns - 2) * outputs,
    yImage: 4 * (xRows - 2) * (xColumns - 2) * outputs,
    selectedImage: 4 * pooledHeight * pooledWidth * outputs,
    forwardBlock: tilesPerBlock(tilesDown * tilesAcross, inputs + outputs),
    backwardBlock: tilesPerBlock(2 * tilesDown * tilesAcross, 2 * inputs + outputs),
  };
}

/** Bytes a thread needs beside the layer's tensors. */
function scratchBytesOf(layer: LayerGeometry): number {
  const { inputs, outputs, forwardBlock, backwardBlock, selectedImage, yRow } = layer;
  // Planes of a block are up to 64 bytes longer than their data; one more holds a plane transposed.
  const small = 4096, plane = (block: number, channels: number) => 4 * block * channels + 64;
  const widest = Math.max(inputs, outputs);
  return small + selectedImage + (layer.winograd
    ? Math.max(
      36 * (plane(forwardBlock, inputs) + plane(forwardBlock, outputs)) +
        plane(forwardBlock, widest),
      36 * (2 * plane(backwardBlock, inputs) + plane(backwardBlock, outputs)) +
        plane(backwardBlock, widest),
      4 * 36 * 8 * outputs,
    )
    : 2 * yRow + 4 * 13 * outputs);
}
