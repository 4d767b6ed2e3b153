#!/usr/bin/env node
'use strict';
// CommonJS, as bin/package.json says: Node starts its loader of ES modules only where one is loaded, and it is dear.
const {closeSync, fstatSync, readFileSync, writeSync} = require('node:fs');

const args = process.argv.slice(2);
let {env} = process;
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);

const words = atOnce(args);
if (words === undefined) void run();
else say(words);

/** What can be said without loading all the rest: the version, the help page, and what a shell asks on every Tab. */
function atOnce([first, second, ...more]) {
  const isAlone = second === undefined;
  if (isAlone && (first === '--version' || first === '-V')) return `${require('../package.json').version}\n`;
  if (isAlone && (first === '--help' || first === '-h') && !isNarrow()) return helpPage();
  return first === 'completion' && second === '--values'
    ? require('../dist/complete-values.cjs').answer(more, env)
    : undefined;
}

/** Whether there is a terminal that has not the 80 columns which the page is made for. Asking for them costs 2 ms. */
function isNarrow() {
  return fstatSync(1).isCharacterDevice() && (process.stdout.columns || 80) < 80;
}

/** What `poe help` printed when poe was built; undefined while it is being built. */
function helpPage() {
  try {
    return readFileSync(`${__dirname}/../dist/help.txt`, 'utf8') || undefined;
  } catch {
    return undefined;
  }
}

/** Writes to standard output without Node's stream for it, which costs 2 ms, unless its reader is slow. */
function say(text) {
  let rest = Buffer.from(text);
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(1, rest));
  } catch ({code}) {
    if (code === 'EAGAIN') process.stdout.on('error', () => {}).write(rest);
    // Nobody is left to tell when the reader has gone; any other fault the program proper puts in words.
    else if (code !== 'EPIPE') void run();
  }
}

async function run() {
  // Children, and reports that Node writes of a process, are to find no secret in it.
  env = {...env};
  for (const name in env) if (name.startsWith('POE_')) delete process.env[name];
  // Whoever wants no warnings has taken Node's own listener away.
  if (process.listenerCount('warning') > 0) process.removeAllListeners('warning').on('warning', warn);
  // Certificates are always checked; NODE_EXTRA_CA_CERTS is how to trust one more.
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  // From now on the list of processes does not show what was given.
  if (args.some((word) => /^--(?:p-b|p-lat|form-?key|fromkey|api-key|cf-clearance|cf-bm)\b/.test(word)))
    process.title = 'poe';
  require('node:module').enableCompileCache?.();
  // A limit on the size of files makes a write fail, which is said; it does not end poe.
  process.on('SIGXFSZ', () => {});
  // The first signal asks the command to stop in order; a second one does not ask. What comes at once after the first is its
  // echo: runners and libraries pass signals on.
  const stop = new AbortController();
  let stoppedAt = 0;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(name, () => {
      stoppedAt ||= performance.now();
      stop.abort();
      if (performance.now() - stoppedAt > 300) process.exit(130);
    });
  }

  process.on('exit', letGoOfLostTerminal);

  const {main} = await import('../dist/cli.js');
  const {stdin, stdout, stderr} = process;
  process.exitCode = await main(args, {stdin, stdout, stderr, env}, stop.signal);
}

/** Says that poe is at fault, and ends it; what listens for the end gives the terminal back before. */
function crash(error) {
  process.once('exit', () => complain(worded('crashMessage', error)));
  process.exit(1);
}

function warn(warning) {
  complain(worded('warning', warning));
}

function complain(text) {
  try {
    writeSync(2, text);
  } catch {
    // Nobody listens.
  }
}

/** Node's own words would quote the error, and the line of code that it came from. */
function worded(what, error) {
  try {
    return require('../dist/crash.cjs')[what](error, {argv: args, env});
  } catch {
    return 'poe: Something went wrong inside poe\n';
  }
}

/** Where a terminal that it knew has gone, Node aborts at its end, and may leave its memory on the disk (seen in 20). */
function letGoOfLostTerminal() {
  const {isatty} = require('node:tty');
  for (const fd of [0, 1, 2]) {
    try {
      if (fstatSync(fd).isCharacterDevice() && !isatty(fd)) closeSync(fd);
    } catch {
      // It is closed already.
    }
  }
}
