import type {OutputOptions} from '../options.js';
import {hasColor} from './color.js';
import {sanitizeLine} from './sanitize.js';

/** The members of an ora spinner that are used. */
interface Spinner {
  text: string;
  start(): unknown;
  render(): unknown;
  stop(): unknown;
}

/** Loads a spinner for stderr. @returns undefined where none can be shown */
export async function loadSpinner(text: string, options: OutputOptions): Promise<Spinner | undefined> {
  const {stderr, env, json, quiet, verbose} = options;
  if (!stderr.isTTY || env.TERM === 'dumb' || json || quiet || verbose) return undefined;
  // On a terminal that does not report its size, ora counts rows forever.
  if (stderr.columns === 0) return undefined;
  // Loading ora takes a while.
  const {default: ora} = await import('ora');
  return ora({
    text: sanitizeLine(text),
    stream: stderr,
    // Ora would otherwise read stdin in raw mode, and Ctrl+C would no longer interrupt.
    discardStdin: false,
    isEnabled: true,
    color: hasColor(options, stderr) ? 'cyan' : undefined,
  });
}

/** A spinner that is shown until `stop` is called. */
export interface ShownSpinner {
  /** @param text a function is called only if the text is shown, at most each 80 ms */
  update(text: string | (() => string)): void;
  stop(): void;
}

/** How long ora shows a frame. */
const frameMs = 80;

/** Shows a spinner at once, if one can be shown. */
export async function showSpinner(text: string, options: OutputOptions): Promise<ShownSpinner> {
  let spinner = await loadSpinner(text, options);
  spinner?.start();
  let renderedAt = -Infinity;
  return {
    update(text) {
      if (!spinner || (typeof text === 'function' && performance.now() - renderedAt < frameMs)) return;
      const shown = sanitizeLine(typeof text === 'function' ? text() : text);
      if (spinner.text === shown) return;
      spinner.text = shown;
      spinner.render();
      renderedAt = performance.now();
    },
    stop() {
      spinner?.stop();
      spinner = undefined;
    },
  };
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
