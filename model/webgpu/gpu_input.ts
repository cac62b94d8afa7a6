import { type Tensor, tensor } from "../../deps/tfjs_core.ts";

/**
 * A buffer that takes each batch's values from the CPU. `queue.writeBuffer` copies them at once and
 * hands them over when the steps before are done with the buffer, so that the upload of one batch
 * overlaps the computing of another.
 */
export class GpuInput {
  #buffer: GPUBuffer | undefined;

  constructor(private readonly device: GPUDevice) {}

  /**
   * The values as a tensor, valid until the next upload; the caller disposes it.
   *
   * Commands recorded before must have been submitted.
   */
  upload(values: Float32Array, shape: number[]): Tensor {
    if (!this.#buffer || this.#buffer.size < values.byteLength) {
      this.#buffer?.destroy();
      this.#buffer = this.device.createBuffer({
        label: "input",
        size: values.byteLength,
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
      });
    }
    // Shared memory is not taken by every runtime: its values are copied first.
    const owned = values.buffer instanceof ArrayBuffer ? values : values.slice();
    this.device.queue.writeBuffer(this.#buffer, 0, owned as Float32Array<ArrayBuffer>);
    return tensor({ buffer: this.#buffer, zeroCopy: true }, shape, "float32");
  }

  /** Frees the buffer. */
  dispose(): void {
    this.#buffer?.destroy();
    this.#buffer = undefined;
  }
}
