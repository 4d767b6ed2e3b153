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
  const running = new Set<Promise<{task: Promise<unknown>; result: Result}>>();
  const start = (item: Item) => {
    const task: Promise<{task: Promise<unknown>; result: Result}> = run(item, shared).then((result) => ({
      task,
      result,
    }));
    // A failure is thrown when the task is awaited, which may be later.
    task.catch(() => {});
    running.add(task);
  };
  try {
    for await (const item of items) {
      start(item);
      if (running.size >= concurrency) yield await next(running);
    }
    while (running.size > 0) yield await next(running);
  } finally {
    abort.abort();
    await Promise.allSettled(running);
  }
}

async function next<Result>(running: Set<Promise<{task: Promise<unknown>; result: Result}>>): Promise<Result> {
  const {task, result} = await Promise.race(running);
  for (const each of running) if (each === task) running.delete(each);
  return result;
}
