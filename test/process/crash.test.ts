import {execFile} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {expect, test} from 'vitest';
import {describeCrash} from '../../src/cli/crash-report.js';
import {temporaryFolder, withSandbox} from '../support/harness.js';
import {onTerminal} from '../support/pseudo-terminal.js';

/* What nobody caught ends poe with one honest line, and gives nothing away. The real program, with faults put into it. */

const fault = 'poe: Something went wrong inside poe: ';
const report = '\n     This is a fault of poe: please report it.\n';

/** Runs the real program with some code of a test's in it. */
async function withFault(code: string, words: string[], more: Record<string, string> = {}, redirection = '') {
  const {sandbox, configDir} = await withSandbox({pace: 0.2});
  const preload = join(temporaryFolder(), 'preload.mjs');
  writeFileSync(preload, code);
  const env = {
    PATH: process.env.PATH,
    HOME: temporaryFolder(),
    ...sandbox.env,
    POE_CONFIG_DIR: configDir,
    NODE_OPTIONS: `--import=${preload}`,
    ...more,
  };
  const profile = {tokens: {pB: 'MARKkeptKRAM', pLat: 'x'}, apiKey: 'MARKkeyKRAM'};
  writeFileSync(join(configDir, 'config.json'), JSON.stringify({profiles: {default: profile}}));
  return new Promise<{code: number | null; out: string; err: string}>((resolve) => {
    const line = ['-c', `exec "$0" "$@" ${redirection}`, process.execPath, 'bin/poe.js', ...words];
    const child = execFile('bash', line, {env}, (_error, out, err) => resolve({code: child.exitCode, out, err}));
    child.stdin?.end();
  });
}

const later = (what: string) => `setTimeout(() => { ${what} }, 300);`;
const slow = ['send', '-b', 'Sandbox-Slow', 'hello'];
const marks = '__cf_bm=MARKenv%3DKRAM and MARKenv=KRAM, MARKflagKRAM, MARKkeptKRAM, MARKkeyKRAM';
const env = {POE_CF_BM: 'MARKenv%3DKRAM'};
const flag = ['--api-key', 'MARKflagKRAM', '--via', 'web', '-q'];

test('a fault of poe while a reply comes in ends with one line and 1, and no secret, stack or code is shown', async () => {
  const thrown = `throw new TypeError(${JSON.stringify(marks)}, {cause: new Error('MARKenv%3DKRAM')})`;
  const {code, err} = await withFault(later(thrown), [...slow, ...flag], env);
  expect({code, err}).toEqual({code: 1, err: `${fault}__cf_bm=… and …, …, …, …${report}`});
});

test('with -v a fault tells where in the code it was and what lay under it, still without a secret', async () => {
  const thrown = `throw new TypeError('top', {cause: new Error('below MARKenv%3DKRAM')})`;
  const {code, err} = await withFault(later(thrown), [...slow, '-v'], env);
  expect(code).toBe(1);
  const told = err.slice(err.indexOf(fault));
  expect(told).toMatch(/^.*top\n.*report it\.\n {5}at .*preload\.mjs:1:\d+\n(?: {5}at .*\n)* {5}because of below …\n/);
  expect(err).not.toMatch(/MARK|KRAM|throw new|file:|poe-test-/);
});

test('a promise that nobody waited for is such a fault too, whatever it was rejected with', async () => {
  for (const reason of [`'MARKkeptKRAM'`, `Object.create(null)`, `new AggregateError([new Error('MARKkeptKRAM')])`]) {
    const {code, err} = await withFault(later(`void Promise.reject(${reason})`), [...slow, '-v']);
    expect({reason, code, hasMark: /MARK|KRAM/.test(err)}).toEqual({reason, code: 1, hasMark: false});
    expect(err).toContain(fault);
    expect(err).toContain(report);
  }
});

test('what looks like a token is not shown, though nobody knows it', () => {
  const message = 'sid 0123456789abcdef0123456789abcdef in MaxListenersExceededWarning\u001b[2J\n2';
  expect(describeCrash(new Error(message), {argv: [], env: {POE_CONFIG_DIR: '/nonexistent'}}).message).toBe(
    'Something went wrong inside poe: sid … in MaxListenersExceededWarning␛[2J 2',
  );
});

test('with --json a fault is one object on stderr', async () => {
  const {code, out, err} = await withFault(later(`throw new Error('MARKkeptKRAM')`), [...slow, '--json']);
  expect({code, out}).toEqual({code: 1, out: ''});
  expect(JSON.parse(err)).toEqual({
    error: {
      code: 'not_understood',
      message: 'Something went wrong inside poe: …',
      hint: 'This is a fault of poe: please report it.',
      retryable: false,
    },
  });
});

test('where nobody hears of it, a fault ends poe all the same', async () => {
  const {code} = await withFault(later(`throw new Error('x')`), slow, {}, '2>&-');
  expect(code).toBe(1);
});

test('a fault in a chat is told after the terminal has been given back', async () => {
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
  const told = lines.slice(1).join('\n');
  expect(told).toMatch(/^poe: Something went wrong inside poe: lost [^\n]*--api-key,…\n {5}This is a fault.*\nexit 1$/);
  expect(bytes).not.toMatch(/MARKKRAM/);
});

test('what Node warns of is told without secrets, and not to who wants it quiet', async () => {
  const warnings = `process.emitWarning('mind MARKkeptKRAM'); process.emitWarning('old', 'DeprecationWarning');`;
  const code = `process.once('beforeExit', () => { ${warnings} });`;
  const words = ['send', '-b', 'Sandbox-Count', 'count to 2'];
  expect(await withFault(code, words)).toEqual({code: 0, out: '1 2\n', err: 'Node warns: mind …\n'});
  expect((await withFault(code, [...words, '-q'])).err).toBe('');
  expect((await withFault(code, [...words, '-v'])).err).toContain('Node warns: old\n');
});

test('neither children nor a report of the process find a secret in its environment', async () => {
  const seen = join(temporaryFolder(), 'report.json');
  const written = `process.once('exit', () => process.report.writeReport(${JSON.stringify(seen)}));`;
  await withFault(written, ['history'], {POE_API_KEY: 'MARKenvKRAM', POE_CF_BM: 'MARKenvKRAM'});
  const environment = JSON.stringify(JSON.parse(readFileSync(seen, 'utf8')).environmentVariables);
  expect(environment).toContain('PATH');
  expect(environment).not.toMatch(/MARK|POE_/);
});
