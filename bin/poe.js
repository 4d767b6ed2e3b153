#!/usr/bin/env node
import module from 'node:module';
import process from 'node:process';

module.enableCompileCache?.();

const args = process.argv.slice(2);
// A shell asks this on every Tab, and must not wait for all the rest.
const isTab = args[0] === 'completion' && args[1] === '--values';
const words = isTab ? (await import('../dist/values.js')).answer(args.slice(2), process.env) : undefined;
if (words === undefined) await run();
else process.stdout.write(words);

async function run() {
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
  process.exitCode = await main(args, process, stop.signal);
}
