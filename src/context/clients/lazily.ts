/** A list whose source is opened when the first item is requested. */
export async function* lazily<T>(open: () => Promise<AsyncIterable<T>>): AsyncGenerator<T, void, undefined> {
  yield* await open();
}
