import {sanitizeLine} from './sanitize.js';
import type {OutputStream} from './writer.js';

/** The members of an ora spinner that are used. */
export interface Spinner {
  text: string;
  start(): unknown;
  render(): unknown;
  stop(): unknown;
}

/** Loads ora, which takes a while. */
export async function loadSpinner(text: string, stream: OutputStream, {color}: {color: boolean}): Promise<Spinner> {
  const {default: ora} = await import('ora');
  return ora({
    text: sanitizeLine(text),
    stream,
    // Ora would otherwise read stdin in raw mode, and Ctrl+C would no longer interrupt.
    discardStdin: false,
    isEnabled: true,
    color: color ? 'cyan' : undefined,
  });
}

const delayMs = 300;

/** Shows a spinner if `stop` is not called within 300 ms. It is loaded only then. */
export function delayedSpinner(load: () => Promise<Spinner | undefined>): {stop(): void} {
  let isStopped = false;
  let spinner: Spinner | undefined;
  const start = async () => {
    const loaded = await load();
    if (isStopped) return;
    spinner = loaded;
    spinner?.start();
  };
  // If the spinner cannot be loaded, continue without one.
  const timer = setTimeout(() => void start().catch(() => {}), delayMs);
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
      spinner?.stop();
      spinner = undefined;
    },
  };
}
