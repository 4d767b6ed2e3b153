import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {describeCrash} from '../../src/cli/crash-report.js';
import {countSends, temporaryFolder} from '../support/harness.js';
import {withProgram} from '../support/program.js';
import {onTerminal} from '../support/terminal/pseudo-terminal.js';

/* An uncaught error ends poe with one line and without secrets. */

const crash = 'poe: Internal error: ';
const report = '\n     This is a bug in poe. Please report it.\n';

/** Runs poe with code that crashes it. @param redirection of the shell, such as `2>&-` */
async function runWithCode(code: string, words: string[], more: Record<string, string> = {}, redirection = '') {
  const {configDir, sandbox, shell} = await withProgram();
  sandbox.faults.holdAfter(4);
  const preload = join(temporaryFolder(), 'preload.mjs');
  writeFileSync(preload, code);
  const profile = {tokens: {pB: 'MARKsavedKRAM', pLat: 'x'}, apiKey: 'MARKkeyKRAM'};
  writeFileSync(join(configDir, 'config.json'), JSON.stringify({profiles: {default: profile}}), {mode: 0o600});
  const boom = join(configDir, 'boom');
  const timer = setInterval(() => countSends(sandbox) > 0 && writeFileSync(boom, ''), 10);
  onTestFinished(() => clearInterval(timer));
  const quoted = words.map((word) => `'${word}'`).join(' ');
  return shell(`exec node bin/poe.js ${quoted} ${redirection}`, {
    NODE_OPTIONS: `--import=${preload}`,
    BOOM: boom,
    ...more,
  });
}

/** Code that runs once Poe has got the message. */
const soon = (what: string) =>
  `import {existsSync} from 'node:fs'; const timer = setInterval(() => { if (!existsSync(process.env.BOOM)) return; clearInterval(timer); ${what} }, 10);`;
const send = ['send', '-b', 'Sandbox-Slow', 'hello'];
const marks = '__cf_bm=MARKenv%3DKRAM and MARKenv=KRAM, MARKflagKRAM, MARKsavedKRAM, MARKkeyKRAM';
const env = {POE_CF_BM: 'MARKenv%3DKRAM'};
const flag = ['--api-key', 'MARKflagKRAM', '--via', 'web', '-q'];

test('a crash during a reply prints one line without secrets, stack or code, and exits with 1', async () => {
  const thrown = `throw new TypeError(${JSON.stringify(marks)}, {cause: new Error('MARKenv%3DKRAM')})`;
  const {code, err} = await runWithCode(soon(thrown), [...send, ...flag], env);
  expect({code, err}).toEqual({code: 1, err: `${crash}__cf_bm=… and …, …, …, …${report}`});
});

test('with -v a crash prints the stack and the cause, without secrets', async () => {
  const thrown = `throw new TypeError('top', {cause: new Error('below MARKenv%3DKRAM')})`;
  const {code, err} = await runWithCode(soon(thrown), [...send, '-v'], env);
  expect(code).toBe(1);
  const printed = err.slice(err.indexOf(crash));
  expect(printed).toMatch(
    /^.*top\n.*report it\.\n {5}at .*preload\.mjs:1:\d+\n(?: {5}at .*\n)* {5}caused by: below …\n/,
  );
  expect(err).not.toMatch(/MARK|KRAM|throw new|file:|poe-test-/);
});

test('an unhandled rejection is a crash too, whatever its reason', async () => {
  for (const reason of [`'MARKsavedKRAM'`, `Object.create(null)`, `new AggregateError([new Error('MARKsavedKRAM')])`]) {
    const {code, err} = await runWithCode(soon(`void Promise.reject(${reason})`), [...send, '-v']);
    expect({reason, code, hasMark: /MARK|KRAM/.test(err)}).toEqual({reason, code: 1, hasMark: false});
    expect(err).toContain(crash);
    expect(err).toContain(report);
  }
});

test('text that looks like a token is redacted, even if it is not a known one', () => {
  const message = 'sid 0123456789abcdef0123456789abcdef in MaxListenersExceededWarning\u001b[2J\n2';
  expect(describeCrash(new Error(message), {argv: [], env: {POE_CONFIG_DIR: '/nonexistent'}}).message).toBe(
    'Internal error: sid … in MaxListenersExceededWarning␛[2J 2',
  );
});

test('with --json a crash is one object on stderr', async () => {
  const {code, out, err} = await runWithCode(soon(`throw new Error('MARKsavedKRAM')`), [...send, '--json']);
  expect({code, out}).toEqual({code: 1, out: ''});
  expect(JSON.parse(err)).toEqual({
    error: {
      code: 'not_understood',
      message: 'Internal error: …',
      hint: 'This is a bug in poe. Please report it.',
      retryable: false,
    },
  });
});

test('a crash ends poe even if stderr is closed', async () => {
  const {code} = await runWithCode(soon(`throw new Error('x')`), send, {}, '2>&-');
  expect(code).toBe(1);
});

test('a crash in a chat is reported after the terminal is restored', async () => {
  const boom = join(temporaryFolder(), 'boom');
  const preload = `${boom}.mjs`;
  writeFileSync(
    preload,
    `import {existsSync} from 'node:fs';
     setInterval(() => { if (existsSync('${boom}')) throw new Error('lost ' + process.argv); }, 20).unref();`,
  );
  const {bytes, lines} = await onTerminal(
    `NODE_OPTIONS=--import=${preload} node bin/poe.js chat -q --via web --api-key MARKKRAM`,
    {
      when: [[/\w · new chat/, () => writeFileSync(boom, '')]],
    },
  );
  expect(bytes.lastIndexOf('\u001b[?2004l')).toBeGreaterThan(bytes.lastIndexOf('\u001b[?2004h'));
  expect(bytes.lastIndexOf('\u001b[?25h')).toBeGreaterThan(bytes.lastIndexOf('\u001b[?25l'));
  const printed = lines.slice(1).join('\n');
  expect(printed).toMatch(/^poe: Internal error: lost [^\n]*--api-key,…\n {5}This is a bug.*\nexit 1$/);
  expect(bytes).not.toMatch(/MARKKRAM/);
});

test('warnings of Node are printed without secrets, and not with -q', async () => {
  const warnings = `process.emitWarning('mind MARKsavedKRAM'); process.emitWarning('old', 'DeprecationWarning');`;
  const code = `process.once('beforeExit', () => { ${warnings} });`;
  const words = ['send', '-b', 'Sandbox-Count', 'count to 2'];
  expect(await runWithCode(code, words)).toEqual({code: 0, out: '1 2\n', err: 'Warning from Node.js: mind …\n'});
  expect((await runWithCode(code, [...words, '-q'])).err).toBe('');
  expect((await runWithCode(code, [...words, '-v'])).err).toContain('Warning from Node.js: old\n');
});

test('a diagnostic report of the process contains no secrets', async () => {
  const seen = join(temporaryFolder(), 'report.json');
  const written = `process.once('exit', () => process.report.writeReport(${JSON.stringify(seen)}));`;
  await runWithCode(written, ['history'], {POE_API_KEY: 'MARKenvKRAM', POE_CF_BM: 'MARKenvKRAM'});
  const environment = JSON.stringify(JSON.parse(readFileSync(seen, 'utf8')).environmentVariables);
  expect(environment).toContain('PATH');
  expect(environment).not.toMatch(/MARK|POE_/);
});
