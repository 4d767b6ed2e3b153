import {setMaxListeners} from 'node:events';

/** Calls the listener once the signal is aborted. Node 20 would warn of a leak if more than ten calls share a signal. */
export function whenAborted(signal: AbortSignal | undefined, listener: () => void): void {
  if (signal instanceof AbortSignal) setMaxListeners(0, signal);
  signal?.addEventListener('abort', listener, {once: true});
}
