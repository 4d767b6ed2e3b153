#!/usr/bin/env node
import module from 'node:module';
import process from 'node:process';

module.enableCompileCache?.();

// The first signal asks the command to stop in order; the second one does not ask.
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(name, () => (stop.signal.aborted ? process.exit(130) : stop.abort()));
}

const {main} = await import('../dist/cli.js');
process.exitCode = await main(process.argv.slice(2), process, stop.signal);
