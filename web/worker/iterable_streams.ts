/** Streams as iterables and back, as not every browser does it by itself. */

/** A stream of an iterable's values; cancelled, it ends it. */
export function streamOf<T>(values: AsyncGenerator<T>): ReadableStream<T> {
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await values.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await values.return(undefined);
    },
  }, { highWaterMark: 0 });
}

/** A stream's values; left early, it is cancelled. */
export async function* valuesOf<T>(stream: ReadableStream<T>): AsyncGenerator<T> {
  const reader = stream.getReader();
  let isLeft = true;
  try {
    for (let result = await reader.read(); !result.done; result = await reader.read()) {
      yield result.value;
    }
    isLeft = false;
  } finally {
    if (isLeft) reader.cancel().catch(() => {}); // nobody is left to be told
  }
}
