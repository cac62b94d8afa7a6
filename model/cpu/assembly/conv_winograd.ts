/**
 * 3×3 convolutions by Winograd's F(4×4, 3×3): a quarter of the multiplications.
 *
 * A block of tiles at a time goes through transform, 36 matrix products and back transform, so that
 * what lies between stays in the cache. Transformed tiles are `[36][block][channels]`; 36 planes a
 * power of two apart would fall into the same few lines of the cache, hence `planeBytes`.
 * Transformed kernels are packed as the products read them: `[36][out / 8][in][8]`, and for the
 * input's gradient transposed, `[36][in / 8][out][8]`; their gradients are `[36][in][out]`.
 *
 * Images lie in memory as whole tiles: x is `[4·tilesDown + 2][4·tilesAcross + 2][in]` with the
 * image one pixel from the top left corner and zeros around it, y `[4·tilesDown][4·tilesAcross][out]`,
 * of which `[height][width]` counts. Channels are multiples of 8, blocks multiples of 4 tiles.
 */
import { takeRows, unpooledGradient, windowGradient } from "./batch_norm_pool";
import { multiplyEightColumns, multiplyFiveColumns, multiplyFourColumns } from "./matrix_product";
import { joinsVectors, splat } from "./simd";
import {
  addInputGradient, transformInput, transformInputGradient, transformKernel, transformKernelGradient,
  transformOutput, transformOutputGradient,
} from "./winograd_transforms";

/** Points of a transformed tile. */
const POINTS: usize = 36;

/** Bytes at the start of a scratch area for what one tile needs between its transforms. */
const WORK: usize = 4096;

/** Where in them the product kernels put what nobody needs. */
const SINK: usize = WORK - 16;

/** Bytes from one plane of transformed tiles to the next: an odd number of cache lines. */
@inline
function planeBytes(rows: i32, channels: i32): usize {
  return (<usize>(rows * channels) * 4) | 64;
}

/** Bᵀ x B of `count` tiles from tile `first` on, counted over the images. `work`: 576 bytes. */
function inputTiles(
  x: usize, imageBytes: usize, tilesAcross: i32, tilesPerImage: i32, channels: i32, first: i32,
  count: i32, out: usize, plane: usize, work: usize,
): void {
  const pixel = <usize>channels * 4, row = <usize>(4 * tilesAcross + 2) * pixel;
  for (let i = 0; i < count; i++) {
    const image = (first + i) / tilesPerImage, tile = (first + i) % tilesPerImage;
    const corner = x + <usize>image * imageBytes + <usize>(4 * (tile / tilesAcross)) * row +
      <usize>(4 * (tile % tilesAcross)) * pixel;
    const o = out + <usize>i * pixel;
    for (let c: usize = 0; c < pixel; c += 16) {
      const p = corner + c;
      for (let r: usize = 0; r < 6; r++) transformInput(p + r * row, pixel, work + r * 96, 16);
      for (let k: usize = 0; k < 6; k++) transformInput(work + k * 16, 96, o + c + k * plane, 6 * plane);
    }
  }
}

/** One 4×4 block of a matrix at `p` (rows `step` bytes apart), transposed to `out`. */
@inline
function transposeBlock(p: usize, step: usize, out: usize, outStep: usize): void {
  const a = v128.load(p), b = v128.load(p + step), c = v128.load(p + 2 * step), d = v128.load(p + 3 * step);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const AB = v128.shuffle<f32>(a, b, 2, 6, 3, 7), CD = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
  v128.store(out + outStep, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
  v128.store(out + 2 * outStep, v128.shuffle<f32>(AB, CD, 0, 1, 4, 5));
  v128.store(out + 3 * outStep, v128.shuffle<f32>(AB, CD, 2, 3, 6, 7));
}

/**
 * out (+)= aᵀ·b for `columns` columns of a, a multiple of four, and eight of b: in eights and at most
 * one four where V8 joins vectors, else in up to four fours and fives.
 */
@inline
function multiplyColumns(
  a: usize, aRow: usize, columns: i32, b: usize, bRow: usize, rows: i32, out: usize, outRow: usize,
  accumulate: bool, sink: usize,
): void {
  const end = a + <usize>columns * 4;
  if (joinsVectors()) {
    for (; a + 16 < end; a += 32) {
      multiplyEightColumns(a, a + 16, aRow, b, bRow, rows, out, outRow, accumulate, sink);
      out += 8 * outRow;
    }
    if (a < end) multiplyFourColumns(a, aRow, b, bRow, rows, out, outRow, accumulate);
  } else {
    for (const fives = a + <usize>(4 * columns % 5) * 16; a < fives; a += 16) {
      multiplyFourColumns(a, aRow, b, bRow, rows, out, outRow, accumulate);
      out += 4 * outRow;
    }
    for (; a < end; a += 20) {
      multiplyFiveColumns(a, aRow, b, bRow, rows, out, outRow, accumulate);
      out += 5 * outRow;
    }
  }
}

/**
 * The 36 products of a block: out = tiles · kernel, `inputs` → `outputs` channels. The products want
 * the tiles innermost, so each plane is transposed first, into `transposed` (`inputs` · `block`
 * floats), which stays in the first cache while the whole kernel goes by.
 */
function multiplyTiles(
  tiles: usize, plane: usize, count: i32, kernel: usize, inputs: i32, outputs: i32, out: usize,
  outPlane: usize, transposed: usize, sink: usize,
): void {
  const rows = (count + 3) & ~3, row = <usize>rows * 4;
  const pixel = <usize>inputs * 4, panel = pixel * 8, outRow = <usize>outputs * 4;
  for (let point: usize = 0; point < POINTS; point++) {
    for (let m: usize = 0; m < row; m += 16) {
      const p = tiles + point * plane + (m >> 2) * pixel;
      for (let c: usize = 0; c < pixel; c += 16) {
        transposeBlock(p + c, pixel, transposed + (c >> 2) * row + m, row);
      }
    }
    for (let n: usize = 0; n < outRow; n += 32) {
      const o = out + point * outPlane + n;
      multiplyColumns(transposed, row, rows, kernel, 32, inputs, o, outRow, false, sink);
      kernel += panel;
    }
  }
}

/** Aᵀ m A of the block's tiles, written as whole tiles of one image. */
function outputTiles(
  products: usize, plane: usize, tilesAcross: i32, channels: i32, first: i32, count: i32, y: usize,
  work: usize,
): void {
  const pixel = <usize>channels * 4, row = <usize>(4 * tilesAcross) * pixel;
  for (let i = 0; i < count; i++) {
    const tile = first + i;
    const corner = y + <usize>(4 * (tile / tilesAcross)) * row + <usize>(4 * (tile % tilesAcross)) * pixel;
    const m = products + <usize>i * pixel;
    for (let c: usize = 0; c < pixel; c += 16) {
      for (let k: usize = 0; k < 6; k++) transformOutput(m + c + k * plane, 6 * plane, work + k * 16, 96);
      for (let r: usize = 0; r < 4; r++) transformOutput(work + r * 96, 16, corner + c + r * row, pixel);
    }
  }
}

/**
 * y of one image, its moments, and the values selected from it: see `takeRows`. `scratch` holds a block's
 * transformed tiles and products.
 */
export function winogradForward(
  x: usize, height: i32, width: i32, inputs: i32, outputs: i32, kernel: usize, y: usize, gamma: usize,
  moments: usize, selected: usize, block: i32, scratch: usize,
): void {
  const tilesDown = (height + 3) / 4, tilesAcross = (width + 3) / 4, tiles = tilesDown * tilesAcross;
  const plane = planeBytes(block, inputs), productPlane = planeBytes(block, outputs);
  const transposed = scratch + WORK, v = transposed + planeBytes(block, inputs), m = v + POINTS * plane;
  const yRow = <usize>(4 * tilesAcross * outputs) * 4;
  let taken = 0;
  for (let first = 0; first < tiles; first += block) {
    const count = min(block, tiles - first);
    inputTiles(x, 0, tilesAcross, tiles, inputs, first, count, v, plane, scratch);
    multiplyTiles(v, plane, count, kernel, inputs, outputs, m, productPlane, transposed, scratch + SINK);
    outputTiles(m, productPlane, tilesAcross, outputs, first, count, y, scratch);
    // Rows of y that are whole by now are taken in while they are in the cache.
    const rows = min(4 * ((first + count) / tilesAcross), height) - taken;
    takeRows(y + <usize>taken * yRow, yRow, taken, rows, width, outputs, gamma, moments, selected);
    taken += rows;
  }
}

/**
 * Like `winogradForward` with a kernel that has the running statistics folded in, then ReLU and
 * pooling; y is never stored. Tiles hold whole pooling windows, so each gives up to 2×2 results.
 */
export function winogradPooled(
  x: usize, tilesDown: i32, tilesAcross: i32, inputs: i32, outputs: i32, kernel: usize, addend: usize,
  pooledRows: i32, pooledColumns: i32, out: usize, outRowBytes: usize, block: i32, scratch: usize,
): void {
  const tiles = tilesDown * tilesAcross, pixel = <usize>outputs * 4;
  const plane = planeBytes(block, inputs), productPlane = planeBytes(block, outputs);
  const transposed = scratch + WORK, v = transposed + planeBytes(block, inputs), m = v + POINTS * plane;
  const work = scratch, y = scratch + 576, zero = splat(0);
  for (let first = 0; first < tiles; first += block) {
    const count = min(block, tiles - first);
    inputTiles(x, 0, tilesAcross, tiles, inputs, first, count, v, plane, work);
    multiplyTiles(v, plane, count, kernel, inputs, outputs, m, productPlane, transposed, scratch + SINK);
    for (let i = 0; i < count; i++) {
      const h0 = 2 * ((first + i) / tilesAcross), w0 = 2 * ((first + i) % tilesAcross);
      const h1 = min(h0 + 2, pooledRows), w1 = min(w0 + 2, pooledColumns);
      for (let c: usize = 0; c < pixel; c += 16) {
        const p = m + <usize>i * pixel + c;
        for (let k: usize = 0; k < 6; k++) {
          transformOutput(p + k * productPlane, 6 * productPlane, work + k * 16, 96);
        }
        for (let r: usize = 0; r < 4; r++) transformOutput(work + r * 96, 16, y + r * 64, 16);
        for (let h = h0; h < h1; h++) {
          for (let w = w0; w < w1; w++) {
            const q = y + <usize>(h - h0) * 128 + <usize>(w - w0) * 32;
            const above = f32x4.pmax(v128.load(q), v128.load(q, 16));
            const below = f32x4.pmax(v128.load(q, 64), v128.load(q, 80));
            const z = f32x4.add(f32x4.pmax(above, below), v128.load(addend + c));
            v128.store(out + <usize>h * outRowBytes + <usize>w * pixel + c, f32x4.pmax(z, zero));
          }
        }
      }
    }
  }
}

/**
 * A dy Aᵀ of `count` tiles. dLoss/dy is made here from y, the selected values and the pooled
 * gradient, a 4×4 tile at a time in `work` (640 bytes); it is never stored.
 */
function outputGradientTiles(
  y: usize, yImage: usize, tilesAcross: i32, tilesPerImage: i32, height: i32, width: i32, channels: i32,
  selected: usize, selectedImage: usize, gradient: usize, gradientImage: usize, gradientRow: usize,
  gradientPixel: usize, coefficients: usize, first: i32, count: i32, out: usize, plane: usize, work: usize,
): void {
  const pixel = <usize>channels * 4, row = <usize>(4 * tilesAcross) * pixel, dy = work + 384;
  const pooledRows = height / 2, pooledColumns = width / 2, selectedRow = <usize>pooledColumns * pixel;
  for (let i = 0; i < count; i++) {
    const image = <usize>((first + i) / tilesPerImage), tile = (first + i) % tilesPerImage;
    const h0 = 2 * (tile / tilesAcross), w0 = 2 * (tile % tilesAcross);
    const corner = y + image * yImage + <usize>(2 * h0) * row + <usize>(2 * w0) * pixel;
    const s = selected + image * selectedImage + <usize>h0 * selectedRow + <usize>w0 * pixel;
    const g = gradient + image * gradientImage + <usize>h0 * gradientRow + <usize>w0 * gradientPixel;
    const o = out + <usize>i * pixel;
    for (let c: usize = 0; c < pixel; c += 16) {
      const k = coefficients + c;
      for (let h = 0; h < 2; h++) {
        for (let w = 0; w < 2; w++) {
          const p = corner + <usize>(2 * h) * row + <usize>(2 * w) * pixel + c;
          const d = dy + <usize>h * 128 + <usize>w * 32;
          if (h0 + h < pooledRows && w0 + w < pooledColumns) {
            const chosen = v128.load(s + <usize>h * selectedRow + <usize>w * pixel + c);
            const share = v128.load(g + <usize>h * gradientRow + <usize>w * gradientPixel + c);
            windowGradient(p, row, pixel, chosen, share, k, d, 16, 64);
          } else {
            edgeWindow(p, row, pixel, height - 2 * (h0 + h), width - 2 * (w0 + w), k, d);
          }
        }
      }
      for (let r: usize = 0; r < 4; r++) transformOutputGradient(dy + r * 64, 16, work + r * 96, 16);
      for (let k: usize = 0; k < 6; k++) {
        transformOutputGradient(work + k * 16, 96, o + c + k * plane, 6 * plane);
      }
    }
  }
}

/** A 2×2 window that is not pooled: `rows` × `columns` of it lie in the image, the rest is zero. */
function edgeWindow(
  y: usize, row: usize, pixel: usize, rows: i32, columns: i32, coefficients: usize, out: usize,
): void {
  for (let h = 0; h < 2; h++) {
    for (let w = 0; w < 2; w++) {
      const inside = h < rows && w < columns;
      const value = v128.load(y + <usize>h * row + <usize>w * pixel);
      v128.store(
        out + <usize>h * 64 + <usize>w * 16,
        inside ? unpooledGradient(value, pixel, coefficients) : splat(0),
      );
    }
  }
}

/** kernelGradient (+)= tilesᵀ · gradients for each of the 36 points. */
function multiplyKernelGradient(
  tiles: usize, plane: usize, inputs: i32, gradients: usize, gradientPlane: usize, outputs: i32,
  count: i32, kernelGradient: usize, accumulate: bool, sink: usize,
): void {
  const row = <usize>inputs * 4, outRow = <usize>outputs * 4;
  for (let point: usize = 0; point < POINTS; point++) {
    const a = tiles + point * plane, b = gradients + point * gradientPlane;
    for (let n: usize = 0; n < outRow; n += 32) {
      multiplyColumns(a, row, inputs, b + n, outRow, count, kernelGradient + n, outRow, accumulate, sink);
    }
    kernelGradient += <usize>inputs * outRow;
  }
}

/** Adds B m Bᵀ of the block's tiles to the input's gradient, which has x's shape. */
function inputGradientTiles(
  products: usize, plane: usize, imageBytes: usize, tilesAcross: i32, tilesPerImage: i32, channels: i32,
  first: i32, count: i32, dx: usize, work: usize,
): void {
  const pixel = <usize>channels * 4, row = <usize>(4 * tilesAcross + 2) * pixel;
  for (let i = 0; i < count; i++) {
    const image = (first + i) / tilesPerImage, tile = (first + i) % tilesPerImage;
    const corner = dx + <usize>image * imageBytes + <usize>(4 * (tile / tilesAcross)) * row +
      <usize>(4 * (tile % tilesAcross)) * pixel;
    const m = products + <usize>i * pixel;
    for (let c: usize = 0; c < pixel; c += 16) {
      for (let k: usize = 0; k < 6; k++) {
        transformInputGradient(m + c + k * plane, 6 * plane, work + k * 16, 96);
      }
      for (let r: usize = 0; r < 6; r++) addInputGradient(work + r * 96, 16, corner + c + r * row, pixel);
    }
  }
}

/**
 * Gradients of `images` consecutive images: their sum for the transformed kernel, and for each
 * image the input's, in x's shape. A dy Aᵀ serves both.
 *
 * @param kernelGradient Overwritten, `[36][inputs][outputs]`.
 * @param dx Overwritten; the border around the image is meaningless.
 */
export function winogradBackward(
  x: usize, images: i32, height: i32, width: i32, inputs: i32, outputs: i32, transposedKernel: usize,
  y: usize, selected: usize, gradient: usize, gradientImage: usize, gradientRow: usize,
  gradientPixel: usize, coefficients: usize, kernelGradient: usize, dx: usize, block: i32, scratch: usize,
): void {
  const tilesDown = (height + 3) / 4, tilesAcross = (width + 3) / 4, perImage = tilesDown * tilesAcross;
  const xImage = <usize>((4 * tilesDown + 2) * (4 * tilesAcross + 2) * inputs) * 4;
  const yImage = <usize>(perImage * 16 * outputs) * 4;
  const selectedImage = <usize>((height / 2) * (width / 2) * outputs) * 4;
  const plane = planeBytes(block, inputs), zPlane = planeBytes(block, outputs);
  const transposed = scratch + WORK, v = transposed + zPlane, z = v + POINTS * plane;
  const products = z + POINTS * zPlane;
  memory.fill(dx, 0, <usize>images * xImage);
  for (let first = 0; first < images * perImage; first += block) {
    const count = min(block, images * perImage - first);
    outputGradientTiles(
      y, yImage, tilesAcross, perImage, height, width, outputs, selected, selectedImage, gradient,
      gradientImage, gradientRow, gradientPixel, coefficients, first, count, z, zPlane, scratch,
    );
    inputTiles(x, xImage, tilesAcross, perImage, inputs, first, count, v, plane, scratch);
    multiplyKernelGradient(v, plane, inputs, z, zPlane, outputs, count, kernelGradient, first > 0, scratch + SINK);
    multiplyTiles(z, zPlane, count, transposedKernel, outputs, inputs, products, plane, transposed, scratch + SINK);
    inputGradientTiles(products, plane, xImage, tilesAcross, perImage, inputs, first, count, dx, scratch);
  }
}

/**
 * Adds up the partial gradients in their order and transforms the sum back: eight input channels
 * from `from` on of the kernel's gradient `[3][3][inputs][outputs]`. Sums go plane by plane, since
 * memory is read fastest in one piece; `scratch` holds them, 36 · 8 · outputs floats.
 */
export function winogradKernelGradient(
  partials: usize, count: i32, inputs: i32, outputs: i32, from: i32, gradient: usize, scratch: usize,
): void {
  const plane = <usize>(inputs * outputs) * 4, pixel = <usize>outputs * 4, chunk = pixel * 8;
  const rows = scratch, sums = scratch + WORK;
  for (let k: usize = 0; k < POINTS; k++) {
    const p = partials + k * plane + <usize>from * pixel, s = sums + k * chunk;
    memory.copy(s, p, chunk);
    for (let i: usize = 1; i < <usize>count; i++) addVectors(s, p + i * POINTS * plane, chunk);
  }
  const g = gradient + <usize>from * pixel;
  for (let place: usize = 0; place < chunk; place += 16) {
    for (let r: usize = 0; r < 6; r++) {
      transformKernelGradient(sums + place + 6 * r * chunk, chunk, rows + r * 48, 16);
    }
    for (let k: usize = 0; k < 3; k++) {
      transformKernelGradient(rows + k * 16, 48, g + place + k * plane, 3 * plane);
    }
  }
}

/** sums += values. */
@inline
function addVectors(sums: usize, values: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(sums + i, f32x4.add(v128.load(sums + i), v128.load(values + i)));
  }
}

/**
 * Transforms and packs eight input channels from `from` on of a kernel `[3][3][inputs][outputs]`,
 * each output channel multiplied by its factor where `factor` is not 0; `transposed` may be 0.
 */
export function packKernel(
  kernel: usize, inputs: i32, outputs: i32, from: i32, factor: usize, packed: usize, transposed: usize,
  scratch: usize,
): void {
  const plane = <usize>(inputs * outputs) * 4, pixel = <usize>outputs * 4, taps = scratch;
  const rows = scratch + 144, points = scratch + 512;
  for (let group = from; group < from + 8; group += 4) {
    for (let output = 0; output < outputs; output += 4) {
      for (let lane = 0; lane < 4; lane++) {
        const input = group + lane, w = kernel + <usize>input * pixel + <usize>output * 4;
        for (let k: usize = 0; k < 9; k++) {
          const tap = v128.load(w + k * plane);
          v128.store(taps + k * 16, factor ? f32x4.mul(tap, v128.load(factor + <usize>output * 4)) : tap);
        }
        for (let r: usize = 0; r < 3; r++) transformKernel(taps + r * 48, 16, rows + r * 96, 16);
        for (let k: usize = 0; k < 6; k++) {
          transformKernel(rows + k * 16, 96, points + <usize>lane * 576 + k * 16, 96);
        }
        const p = packed + <usize>((output >> 3) * 8 * inputs + input * 8 + (output & 4)) * 4;
        for (let k: usize = 0; k < POINTS; k++) {
          v128.store(p + k * plane, v128.load(points + <usize>lane * 576 + k * 16));
        }
      }
      if (transposed) {
        const p = transposed + <usize>((group >> 3) * 8 * outputs + output * 8 + (group & 4)) * 4;
        for (let k: usize = 0; k < POINTS; k++) transposeBlock(points + k * 16, 576, p + k * plane, 32);
      }
    }
  }
}
