/**
 * Runs tasks with limited concurrency, and yields each result when its task ends. Leaving the loop aborts the tasks that run, and
 * waits for them.
 * @param run must not throw, except for failures that end everything
 */
export async function* inOrderOfEnd<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  run: (item: Item, signal: AbortSignal) => Promise<Result>,
  {concurrency, signal}: {concurrency: number; signal?: AbortSignal | undefined},
): AsyncGenerator<Result, void, undefined> {
  const abort = new AbortController();
  const shared = signal ? AbortSignal.any([signal, abort.signal]) : abort.signal;
  const running = new Set<Promise<void>>();
  const ended: ({result: Result} | {error: unknown})[] = [];
  let onEnd = () => {};
  const start = (item: Item) => {
    const end = (outcome: {result: Result} | {error: unknown}) => {
      running.delete(task);
      ended.push(outcome);
      onEnd();
    };
    const task: Promise<void> = run(item, shared).then(
      (result) => end({result}),
      (error: unknown) => end({error}),
    );
    running.add(task);
  };
  /** The results so far. If there are none, waits for one. */
  const take = async () => {
    if (ended.length === 0) await new Promise<void>((resolve) => (onEnd = resolve));
    return ended.splice(0).map((outcome) => {
      if ('error' in outcome) throw outcome.error;
      return outcome.result;
    });
  };
  try {
    for await (const item of items) {
      start(item);
      while (running.size >= concurrency) yield* await take();
    }
    while (running.size > 0 || ended.length > 0) yield* await take();
  } finally {
    abort.abort();
    await Promise.allSettled(running);
  }
}
