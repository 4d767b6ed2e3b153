/** How long a wait may be before something shows that the program lives. */
const patienceMs = 300;

export interface Spinner {
  text: string;
  start(): unknown;
  render(): unknown;
  stop(): unknown;
}

/** Shows a spinner if it takes long until `stop` is called. It is loaded only then. */
export function delayedSpinner(load: () => Promise<Spinner | undefined>): {stop(): void} {
  let isOver = false;
  let spinner: Spinner | undefined;
  const start = async () => {
    const loaded = await load();
    if (isOver) return;
    spinner = loaded;
    spinner?.start();
  };
  // Nothing is lost with a spinner that cannot be loaded.
  const timer = setTimeout(() => void start().catch(() => {}), patienceMs);
  return {
    stop() {
      isOver = true;
      clearTimeout(timer);
      spinner?.stop();
      spinner = undefined;
    },
  };
}
