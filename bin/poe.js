#!/usr/bin/env node
import module from 'node:module';
import process from 'node:process';

const args = process.argv.slice(2);
const words = atOnce(args);
if (words === undefined) await run();
else process.stdout.write(words);

/** What can be said without loading all the rest: the version, and what a shell asks on every Tab. */
function atOnce([first, second, ...more]) {
  const require = module.createRequire(import.meta.url);
  if ((first === '--version' || first === '-V') && second === undefined)
    return `${require('../package.json').version}\n`;
  return first === 'completion' && second === '--values'
    ? require('../dist/values.cjs').answer(more, process.env)
    : undefined;
}

async function run() {
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
  process.exitCode = await main(args, process, stop.signal);
}
