/** In a long series, chunks that arrive within this time are yielded together. It is shorter than a frame of a screen. */
const gatherMs = 8;
/** A series is long after as many turns as this time could have. */
const burstMs = 20 * gatherMs;
/** How much is read ahead at most. */
const maxHeldBytes = 4 * 1024 * 1024;

/** Where chunks come from, such as a response. See `StreamedResponse`. */
export interface ChunkSource<T> {
  forEach(onChunk: (chunk: T) => Promise<void> | undefined): Promise<void>;
}

/**
 * Yields the chunks of a source in order, always all that have arrived. A source that never pauses is asked 125 times a second,
 * because each turn takes the consumers longer than a chunk does. It reads ahead of its consumer: if the connection breaks, Node
 * discards what it has received and not yet delivered, so a slow consumer would lose the end of a reply.
 */
export async function* eagerBuffer<T extends {length: number}>(
  source: ChunkSource<T>,
): AsyncGenerator<T[], void, undefined> {
  let chunks: T[] = [];
  let held = 0;
  let end: {error?: unknown} | undefined;
  let changed = () => {};
  let taken = () => {};
  const onChunk = (chunk: T) => {
    chunks.push(chunk);
    held += chunk.length;
    changed();
    return held >= maxHeldBytes ? new Promise<void>((resolve) => (taken = resolve)) : undefined;
  };
  const onEnd = (how: {error?: unknown}) => {
    end = how;
    changed();
  };
  // Not awaited: it ends with the connection, which the consumer closes when it leaves.
  void source.forEach(onChunk).then(
    () => onEnd({}),
    (error: unknown) => onEnd({error}),
  );

  const until = (isDone: () => boolean, ms?: number) =>
    new Promise<void>((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      changed = () => {
        if (!isDone()) return;
        clearTimeout(timer);
        resolve();
      };
      changed();
    });
  let dueAt = 0;
  for (;;) {
    await until(() => chunks.length > 0 || end !== undefined);
    if (chunks.length > 0) {
      const arrived = chunks;
      [chunks, held] = [[], 0];
      taken();
      // Not with `performance`, which would load a module of Node: half a millisecond.
      dueAt = Math.max(dueAt, Date.now() - burstMs) + gatherMs;
      yield arrived;
      // The clock may have been set back.
      const ms = Math.min(dueAt - Date.now(), gatherMs);
      if (ms > 0) await until(() => held >= maxHeldBytes || end !== undefined, ms);
    } else if (end && 'error' in end) throw end.error;
    else return;
  }
}
