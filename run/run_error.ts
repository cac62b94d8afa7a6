/** A run's folder or model that cannot be used; its message is one line that says what to do. */
export class RunError extends Error {
  /** The class's name, for people. */
  override readonly name = "RunError";
}
