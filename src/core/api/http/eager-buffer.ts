/**
 * Yields the chunks of a source in order, always all that have arrived. It reads ahead of its consumer: if the
 * connection breaks, Node discards what it has received and not yet delivered, so a slow consumer would lose the end of
 * a reply.
 */
export async function* eagerBuffer<T>(source: AsyncIterable<T>): AsyncGenerator<T[], void, undefined> {
  const chunks: T[] = [];
  let end: {error?: unknown} | undefined;
  let wake = () => {};
  const readAll = async () => {
    try {
      for await (const chunk of source) {
        chunks.push(chunk);
        wake();
      }
      end = {};
    } catch (error) {
      end = {error};
    }
    wake();
  };
  // Not awaited: it ends with the connection, which the consumer closes when it leaves.
  void readAll();
  for (;;) {
    if (chunks.length > 0) yield chunks.splice(0);
    else if (end && 'error' in end) throw end.error;
    else if (end) return;
    else await new Promise<void>((resolve) => (wake = resolve));
  }
}
