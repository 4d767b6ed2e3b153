/**
 * Passes chunks on in their order, all that have come at a time, but takes each as it comes: what a connection brought before it
 * broke would else be lost with it where the chunks are used more slowly than they arrive.
 */
export async function* eagerBuffer<T>(chunks: AsyncIterable<T>): AsyncGenerator<T[], void, undefined> {
  const taken: T[] = [];
  let end: {error?: unknown} | undefined;
  let wake = () => {};
  const take = async () => {
    try {
      for await (const chunk of chunks) {
        taken.push(chunk);
        wake();
      }
      end = {};
    } catch (error) {
      end = {error};
    }
    wake();
  };
  // It ends with the connection, which is hung up by whoever leaves this.
  void take();
  for (;;) {
    if (taken.length > 0) yield taken.splice(0);
    else if (end && 'error' in end) throw end.error;
    else if (end) return;
    else await new Promise<void>((resolve) => (wake = resolve));
  }
}
