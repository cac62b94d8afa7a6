/** Shape of a batch of feature maps, `[batch, height, width, channels]`; channels a multiple of 4 (or 1). */
export interface ImageShape {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Its number of pixels over the whole batch. */
export const pixelsOf = ({ batch, height, width }: ImageShape): number => batch * height * width;

/** The shape as tfjs wants it. */
export const dimensionsOf = (shape: ImageShape): number[] => [
  shape.batch,
  shape.height,
  shape.width,
  shape.channels,
];

/** The shape after 2×2 pooling; an odd last row or column is dropped. */
export const pooledShape = (shape: ImageShape): ImageShape => ({
  ...shape,
  height: Math.floor(shape.height / 2),
  width: Math.floor(shape.width / 2),
});
