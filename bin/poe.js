#!/usr/bin/env node
'use strict';
// CommonJS (bin/package.json), because Node's ES module loader takes milliseconds to start.
const {closeSync, existsSync, fstatSync, readFileSync, writeSync} = require('node:fs');

const dist = `${__dirname}/../dist`;
const args = process.argv.slice(2);
let {env} = process;
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);

const answer = fastAnswer(args);
if (answer !== undefined) print(answer);
else if (isNodeTooOld()) process.exitCode = 1;
else void run();

/** Output that does not need the program: the version, the help page, and completions. Otherwise undefined. */
function fastAnswer([first, second, ...more]) {
  if (first === 'completion' && second === '--complete')
    return require(`${dist}/complete.cjs`).answer(more, env, `${dist}/commands.json`);
  if (second !== undefined) return undefined;
  if (first === '--version' || first === '-V') return `${require('../package.json').version}\n`;
  if ((first === '--help' || first === '-h') && !isNarrowTerminal()) return readFileSync(`${dist}/help.txt`, 'utf8');
  return undefined;
}

/** Reports a version of Node.js that is older than package.json requires. Without this, poe would fail somewhere in the middle. */
function isNodeTooOld() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return false;
  printError(`poe: Node.js ${process.versions.node} is too old: poe requires 20.19 or newer (https://nodejs.org)\n`);
  return true;
}

/** Whether stdout is a terminal with fewer columns than help.txt has. process.stdout takes 2 ms, so pipes avoid it. */
function isNarrowTerminal() {
  return fstatSync(1).isCharacterDevice() && (process.stdout.columns || 80) < 80;
}

/** Writes to stdout without process.stdout, unless the reader is slow. */
function print(text) {
  let rest = Buffer.from(text);
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(1, rest));
  } catch ({code}) {
    if (code === 'EAGAIN') process.stdout.on('error', () => {}).write(rest);
    // EPIPE: the reader has closed the pipe. The program reports any other error.
    else if (code !== 'EPIPE') void run();
  }
}

async function run() {
  hideSecrets();
  // Replace Node's listener, which --no-warnings removes.
  if (process.listenerCount('warning') > 0) process.removeAllListeners('warning').on('warning', warn);
  // Never skip certificate checks. NODE_EXTRA_CA_CERTS adds trusted certificates.
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  // With a listener, exceeding the file size limit fails the write with an error instead of killing the process.
  process.on('SIGXFSZ', () => {});
  process.on('exit', closeLostTerminals);
  const signal = stopSignal();

  const {main} = loadProgram();
  const {stdout, stderr} = process;
  const io = {
    stdout,
    stderr,
    env,
    stdinFd: 0,
    // Opening stdin takes 1 ms, and not every command reads it.
    get stdin() {
      return process.stdin;
    },
  };
  // The event loop may run empty although main() still waits for something that never comes.
  process.exitCode = 1;
  process.once('beforeExit', reportUnfinished);
  process.exitCode = await main(args, io, signal);
  process.off('beforeExit', reportUnfinished);
  await Promise.all([written(stdout), written(stderr)]);
  // Preloaded code may finish its work now.
  process.emit('beforeExit', process.exitCode);
  // Does not wait for open connections, and saves Node 2 ms for freeing everything.
  setImmediate(() => process.exit());
}

function reportUnfinished() {
  printError(describe('crashMessage', new Error('poe stopped before the command was complete')));
}

/** Resolves when everything was written, or cannot be. */
const written = (stream) => new Promise((resolve) => void stream.write('', () => resolve()));

/** Loads the program, with code that was compiled before. Node's own cache is in a folder to which other users may write. */
function loadProgram() {
  const entry = require.resolve('../dist/cli/main.js');
  // These variables of Node turn the cache off, or need code that was compiled anew. The sandbox stores nothing.
  const {NODE_DISABLE_COMPILE_CACHE, NODE_V8_COVERAGE} = process.env;
  const isOff = NODE_DISABLE_COMPILE_CACHE || NODE_V8_COVERAGE || args.includes('--sandbox');
  if (isOff) return require(entry);
  const startup = require(`${dist}/startup.cjs`);
  const program = startup.loadProgram({entry, treePath: `${dist}/commands.json`}, args, {env, require});
  process.on('exit', (code) => code === 0 && program.storeCode());
  return program.exports;
}

/** Removes secrets from the environment of child processes and crash reports, and from the process list. */
function hideSecrets() {
  env = {...env};
  for (const name in env) if (name.startsWith('POE_')) delete process.env[name];
  if (args.some((word) => /^--(?:p-b|p-lat|form-?key|fromkey|api-key|cf-clearance|cf-bm)\b/.test(word)))
    process.title = 'poe';
}

/**
 * Aborted by the first SIGINT, SIGTERM or SIGHUP, so that the command can stop cleanly. A second signal exits at once, unless it
 * follows within 300 ms: npx and some libraries pass signals on, so one Ctrl-C may arrive twice.
 */
function stopSignal() {
  const controller = new AbortController();
  let stoppedAt = 0;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(name, () => {
      if (stoppedAt === 0) stoppedAt = performance.now();
      controller.abort();
      if (performance.now() - stoppedAt > 300) process.exit(130);
    });
  }
  return controller.signal;
}

/** Reports an uncaught error and exits. Exit listeners restore the terminal before the report is printed. */
function crash(error) {
  process.once('exit', () => printError(describe('crashMessage', error)));
  process.exit(1);
}

function warn(warning) {
  // poe decides itself which of the two counts.
  if (/'NO_COLOR'.*'FORCE_COLOR'/.test(warning.message)) return;
  printError(describe('warningMessage', warning));
}

function printError(text) {
  try {
    writeSync(2, text);
  } catch {
    // stderr is closed.
  }
}

const tooManyFiles =
  'poe: Could not open a file: too many open files\n     Raise the limit of open files, for example with: ulimit -n 1024\n';

/** Describes an error without secrets. Node's own report quotes the error and the source line. */
function describe(kind, error) {
  try {
    return require(`${dist}/crash.cjs`)[kind](error, {argv: args, env});
  } catch (failure) {
    if (failure.code === 'EMFILE') return tooManyFiles;
    return existsSync(dist) ? 'poe: Internal error\n' : 'poe: This clone is not built. Run: npm ci\n';
  }
}

/** Closes descriptors of a terminal that is gone: Node 20 would abort at exit and may leave a core dump. */
function closeLostTerminals() {
  const {isatty} = require('node:tty');
  for (const fd of [0, 1, 2]) {
    try {
      if (fstatSync(fd).isCharacterDevice() && !isatty(fd)) closeSync(fd);
    } catch {
      // Already closed.
    }
  }
}
