#!/usr/bin/env node
import module from 'node:module';
import process from 'node:process';

module.enableCompileCache?.();

// The first signal asks the command to stop in order; a second one does not ask. What comes at once after the first is its
// echo: runners and libraries pass signals on.
const stop = new AbortController();
let stoppedAt = 0;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(name, () => {
    stoppedAt ||= Date.now();
    stop.abort();
    if (Date.now() - stoppedAt > 300) process.exit(130);
  });
}

const {main} = await import('../dist/cli.js');
process.exitCode = await main(process.argv.slice(2), process, stop.signal);
