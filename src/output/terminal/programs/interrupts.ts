import process from 'node:process';

/** Handles Ctrl+C instead of the program, which would stop. @returns a function that ends this */
export function takeInterrupts(handle: () => void): () => void {
  const listeners = process.listeners('SIGINT');
  // Without any listener, the signal would end the process.
  process.on('SIGINT', handle);
  for (const listener of listeners) process.off('SIGINT', listener);
  return () => {
    for (const listener of listeners) process.on('SIGINT', listener);
    process.off('SIGINT', handle);
  };
}
