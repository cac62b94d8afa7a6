/** A run's folder or model that cannot be used; its message is one line that says what to do. */
export class RunError extends Error {
  /** The class's name, for people. */
  override readonly name = "RunError";
  /** Folder of a run that can be gone on with, where there is one. */
  readonly resumable?: string;

  /** Makes an error; `resumable` is the folder to go on with. */
  constructor(message: string, options: ErrorOptions & { readonly resumable?: string } = {}) {
    super(message, options);
    this.resumable = options.resumable;
  }
}
