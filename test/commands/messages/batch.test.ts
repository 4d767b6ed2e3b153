import {execFileSync, spawn} from 'node:child_process';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {PassThrough} from 'node:stream';
import {expect, test} from 'vitest';
import {detectFormat} from '../../../src/context/batch/detect-format.js';
import {countSends, temporaryFolder, withSandbox} from '../../support/harness.js';
import {runOnTerminal} from '../../support/terminal/fake-terminal.js';
import {withKey} from '../../support/with-key.js';

interface Line {
  id: string;
  text: string;
  error: {code: string} | null;
  points: {cost: number | null};
}

const linesIn = (text: string): Line[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line): Line => JSON.parse(line));

const byId = (lines: readonly Line[]) => Object.fromEntries(lines.map((line) => [line.id, line.text]));

/** Writes a file with these rows. */
function fileWith(name: string, ...rows: readonly (object | string)[]): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join(''));
  return path;
}

const echo = ['-b', 'Sandbox-Echo'];
const apiSends = (requests: readonly {path: string; method: string}[]): number =>
  requests.filter(({path, method}) => method === 'POST' && /completions|\/bot\//.test(path)).length;

test.each(['web', 'api'] as const)('batch sends each row and prints a result with its ID (%s)', async (via) => {
  const {run} = via === 'web' ? await withSandbox() : await withKey();
  const prompts = fileWith('prompts.jsonl', {id: 'a', prompt: 'one'}, '"two"', {id: 7, text: 'three'});
  const {code, out, err} = await run('batch', prompts, ...echo);
  expect(code).toBe(0);
  expect(byId(linesIn(out))).toEqual({a: 'one', 2: 'two', 7: 'three'});
  expect(err).toMatch(/3 prompts done/);
  // Chats of a batch with a key are not stored.
  if (via === 'api') expect((await run('history')).out).toBe('');
});

test('stdin, and a file with another ending, may be JSONL or CSV', async () => {
  const {runWith, run} = await withKey();
  const sent = async (stdin: string, ...flags: string[]) => {
    const {out, err} = await runWith({stdin}, 'batch', '-', ...echo, ...flags);
    return out === '' ? err : byId(linesIn(out));
  };
  const rows = 'id,prompt\r\na,"one, two"\r\nb,"three\r\nfour"\r\n';
  expect(await sent(rows)).toEqual({a: 'one, two', b: 'three\r\nfour'});
  expect(await sent(`\ufeff"id","prompt"\na,one`)).toEqual({a: 'one'});
  expect(await sent('\n{"id": "a", "prompt": "one"}\n"two"\n')).toEqual({a: 'one', 2: 'two'});
  // JSON texts, and a column in quotes with a row.
  expect(await sent('"prompt"\n"one"\n')).toEqual({1: 'prompt', 2: 'one'});
  expect(await sent('"prompt"\n"one"\n', '--format', 'csv')).toEqual({1: 'one'});
  expect(await sent('{"prompt": one}\n')).toContain('Row 1 is not JSON');
  expect(await sent('one\ntwo\n')).toContain('Row 1 has no prompt');
  const other = fileWith('prompts.txt', 'id,prompt', 'a,one');
  expect(byId(linesIn((await run('batch', other, ...echo)).out))).toEqual({a: 'one'});
  // A pipe can be read only once.
  const pipe = `${other}.pipe`;
  execFileSync('mkfifo', [pipe]);
  spawn('sh', ['-c', `cat ${other} > ${pipe}`]);
  expect(byId(linesIn((await run('batch', pipe, ...echo)).out))).toEqual({a: 'one'});
  expect(await run('batch', fileWith('x.jsonl', 'id,prompt'), ...echo)).toMatchObject({
    code: 2,
    err: expect.stringContaining('add --format csv'),
  });
  expect(await run('batch', 'x'.repeat(300), ...echo)).toMatchObject({
    code: 2,
    err: expect.stringContaining('Could not read xxx'),
  });
});

test('the format is detected as soon as the first line has arrived', async () => {
  const starts = [['id,prompt\r\n'], ['id', ',prompt', '\n'], ['\r\n', ' ', '\nid\r', '\n']];
  for (const chunks of starts) {
    async function* input() {
      yield* chunks;
      throw new Error('Read too far');
    }
    expect(await detectFormat(input())).toMatchObject({format: 'csv'});
  }
});

test('CSV rows fill a template', async () => {
  const {run} = await withKey();
  const csv = fileWith('words.csv', 'key,word', '1,"say ""hi"", please"', '2,"two', 'lines"', '3,plain\r');
  const {out} = await run('batch', csv, ...echo, '--id', 'key', '--template', '<{{word}}>');
  expect(byId(linesIn(out))).toEqual({1: '<say "hi", please>', 2: '<two\nlines>', 3: '<plain>'});
  const missing = await run('batch', csv, ...echo, '--template', '{{other}}');
  expect(missing).toMatchObject({code: 2, out: ''});
  expect(missing.err).toContain('Row 1 has no other, which the template names');
  expect(missing.err).toContain('Its columns are: key, word.');
  const unquoted = await run('batch', fileWith('comma.csv', 'id,prompt', '1,Hello,', '2,Hello, world'), ...echo);
  expect(unquoted).toMatchObject({code: 2, err: expect.stringContaining('Row 2 has 3 cells, but the header has 2')});
  const latin1 = join(temporaryFolder(), 'latin1.csv');
  writeFileSync(latin1, Buffer.from('id,prompt\n1,caf\u00e9\n', 'latin1'));
  expect(await run('batch', latin1, ...echo)).toMatchObject({code: 2, err: expect.stringContaining('is not UTF-8')});
});

test('a file with lines that are not results is not changed, and nothing is sent', async () => {
  const {run, sandbox} = await withKey();
  const prompts = fileWith('prompts.jsonl', {id: 'a', prompt: 'one'});
  const notes = join(temporaryFolder(), 'notes.txt');
  for (const content of ['my notes, without a line end', 'a line\n', '{"id":"a","prompt":"one"}\n']) {
    writeFileSync(notes, content);
    const {code, err} = await run('batch', prompts, ...echo, '-o', notes);
    expect({code, err}).toEqual({code: 2, err: expect.stringContaining('contains lines that are not batch results')});
    expect(readFileSync(notes, 'utf8')).toBe(content);
  }
  const folder = temporaryFolder();
  for (const [path, reason] of [
    [folder, 'it is a folder'],
    [join(folder, 'none', 'out.jsonl'), 'its folder does not exist'],
  ] as const) {
    const {code, err} = await run('batch', prompts, ...echo, '-o', path);
    expect({code, err}).toEqual({
      code: 1,
      err: expect.stringContaining(`Could not write the results to ${path}: ${reason}`),
    });
  }
  expect(apiSends(sandbox.requests)).toBe(0);
});

test('parts of lines that a killed batch left are not joined with the next ones', async () => {
  const {run, sandbox} = await withKey();
  const prompts = fileWith('prompts.jsonl', ...['a', 'b', 'c'].map((id) => ({id, prompt: id})));
  const results = join(temporaryFolder(), 'out.jsonl');
  const done = {id: 'a', bot: 'Sandbox-Echo', text: 'a', state: 'complete', points: {}, error: null};
  writeFileSync(results, `${JSON.stringify(done)}\n{"id":"b","bo`);
  writeFileSync(`${results}.started`, '"a"\n"b"\n"c');
  expect((await run('batch', prompts, ...echo, '-o', results)).code).toBe(1);
  expect(byId(linesIn(readFileSync(results, 'utf8')))).toEqual({a: 'a', b: '', c: 'c'});
  expect(apiSends(sandbox.requests)).toBe(1);
});

test.each([
  ['{"id": 1}', 'Row 1 has no prompt'],
  ['not JSON', 'Row 1 is not JSON'],
  ['{"id":1,"prompt":"a"}\n{"id":1,"prompt":"b"}', 'Row 2 has the ID "1" of another row'],
])('a file with a wrong row is reported before anything is sent: %s', async (content, message) => {
  const {run, sandbox} = await withSandbox();
  const {code, err} = await run('batch', fileWith('prompts.jsonl', content), ...echo);
  expect({code, err}).toEqual({code: 2, err: expect.stringContaining(message)});
  expect(countSends(sandbox)).toBe(0);
});

test('with -o, a batch that is run again sends only what has no result', async () => {
  const {run, sandbox} = await withKey();
  // U+2028 may be inside texts of JSON. It does not end a line.
  const prompts = fileWith('prompts.jsonl', {id: 'a', prompt: 'one'}, {id: 'b', prompt: 'two\u2028lines'});
  const results = join(temporaryFolder(), 'out.jsonl');
  writeFileSync(results, '{"id":"a","text":"kept\u2028here","error":null}\n{"id":"b","te');
  const {code, out, err} = await run('batch', prompts, ...echo, '-o', results);
  expect({code, out}).toEqual({code: 0, out: ''});
  expect(err).toContain('1 prompt done, 1 done before');
  expect(byId(linesIn(readFileSync(results, 'utf8')))).toEqual({a: 'kept\u2028here', b: 'two\u2028lines'});
  expect(apiSends(sandbox.requests)).toBe(1);
  expect(existsSync(`${results}.started`)).toBe(false);
  expect(existsSync(`${results}.lock`)).toBe(false);
});

test('prompts that may have been charged are sent again only with --retry-failed', async () => {
  const {run, sandbox} = await withKey();
  const prompts = fileWith('prompts.jsonl', {id: 'a', prompt: 'one'}, {id: 'b', prompt: 'two'});
  const results = join(temporaryFolder(), 'out.jsonl');
  // What a killed batch leaves.
  writeFileSync(`${results}.started`, '"a"\n');
  const first = await run('batch', prompts, ...echo, '-o', results);
  expect(first.code).toBe(1);
  expect(first.err).toContain('1 of 2 prompts failed');
  expect(first.err).toContain('--retry-failed');
  expect(linesIn(readFileSync(results, 'utf8'))).toMatchObject([
    {id: 'a', error: {code: 'delivery_unknown'}},
    {id: 'b', text: 'two', error: null},
  ]);
  expect((await run('batch', prompts, ...echo, '-o', results)).code).toBe(1);
  expect(apiSends(sandbox.requests)).toBe(1);
  expect((await run('batch', prompts, ...echo, '-o', results, '--retry-failed')).code).toBe(0);
  expect(byId(linesIn(readFileSync(results, 'utf8')))).toEqual({a: 'one', b: 'two'});
  expect(apiSends(sandbox.requests)).toBe(2);
});

test('a prompt that fails does not affect the others', async () => {
  const {run} = await withSandbox();
  const prompts = fileWith('prompts.jsonl', {id: 'a', prompt: 'x'}, {id: 'b', prompt: 'y'});
  const {code, out, err} = await run('batch', prompts, '-b', 'Sandbox-Fails', '--concurrency', '1');
  expect(code).toBe(1);
  expect(linesIn(out).map(({error}) => error?.code)).toEqual(['bot_failed', 'bot_failed']);
  expect(err).toContain('2 of 2 prompts failed');
});

test('a cost that Poe does not tell is null in the results, and its estimate in the summary', async () => {
  const {run} = await withKey();
  const prompts = fileWith('prompts.jsonl', '"2x2?"', '"3x3?"');
  const {code, out, err} = await run('batch', prompts, '-b', 'claude-sonnet-4.6');
  expect({code, costs: linesIn(out).map(({points}) => points)}).toEqual({
    code: 0,
    costs: [
      {cost: null, balance: null},
      {cost: null, balance: null},
    ],
  });
  expect(err).toMatch(/^2 prompts done, about \d+ points? \(estimate\), /m);
});

test('a batch stops at the budget, keeps the results, and continues later', async () => {
  const {run, sandbox} = await withSandbox({site: '2025-03'});
  await run('budget', 'set', '5/day');
  const prompts = fileWith('prompts.jsonl', ...['1', '2', '3', '4'].map((id) => ({id, prompt: `count to ${id}`})));
  const results = join(temporaryFolder(), 'out.jsonl');
  const line = ['batch', prompts, '-b', 'Sandbox-Count', '-o', results];
  const stopped = await run(...line);
  expect(stopped.code).toBe(5);
  expect(stopped.err).toContain('To continue later, run the same command again.');
  expect(linesIn(readFileSync(results, 'utf8'))).toMatchObject([
    {id: '1', points: {cost: 2}},
    {id: '2', points: {cost: 2}},
  ]);
  await run('budget', 'clear');
  expect((await run(...line)).code).toBe(0);
  expect(byId(linesIn(readFileSync(results, 'utf8')))).toEqual({1: '1', 2: '1 2', 3: '1 2 3', 4: '1 2 3 4'});
  expect(countSends(sandbox)).toBe(4);
});

test('a batch ends before anything is sent if the budget cannot be read', async () => {
  const {run, configDir, sandbox} = await withKey();
  await run('budget', 'set', '5000/day');
  writeFileSync(join(configDir, 'ledger', 'default', 'budget.json'), '{');
  const results = join(temporaryFolder(), 'out.jsonl');
  const prompts = fileWith('prompts.jsonl', '"one"', '"two"');
  const {code, err} = await run('batch', prompts, ...echo, '-o', results);
  expect({code, err}).toEqual({code: 1, err: expect.stringContaining('Could not read the budget')});
  expect([results, `${results}.started`].filter((path) => existsSync(path))).toEqual([]);
  expect(apiSends(sandbox.requests)).toBe(0);
});

test('an interrupted batch waits for replies that have started, and sends no other prompt', async () => {
  const {run, runWith, sandbox} = await withKey();
  const prompts = fileWith('prompts.jsonl', ...['a', 'b', 'c'].map((id) => ({id, prompt: `prompt ${id}`})));
  const results = join(temporaryFolder(), 'out.jsonl');
  const stop = new AbortController();
  const onErr = (text: string) => {
    if (text.includes('/v1/chat/completions: 200')) stop.abort();
  };
  const line = ['batch', prompts, ...echo, '-o', results, '--concurrency', '1'];
  const {code, err} = await runWith({signal: stop.signal, onErr}, ...line, '-v');
  expect({code, err}).toEqual({code: 130, err: expect.stringContaining('Waiting for 1 reply to finish.')});
  expect(err).toContain('1 prompt done');
  expect(linesIn(readFileSync(results, 'utf8'))).toMatchObject([{id: 'a', text: 'prompt a', error: null}]);
  expect(existsSync(`${results}.started`)).toBe(false);
  expect((await run(...line)).code).toBe(0);
  expect(apiSends(sandbox.requests)).toBe(3);
  // While stdin is open, but has no line.
  const ended = new AbortController();
  const waiting = runWith({signal: ended.signal, stdin: new PassThrough()}, 'batch', '-', ...echo);
  setImmediate(() => ended.abort());
  expect((await waiting).code).toBe(130);
});

test('--dry-run shows the number of prompts and their price, and sends nothing', async () => {
  const {run, sandbox} = await withSandbox({site: '2025-03'});
  const prompts = fileWith('prompts.jsonl', '"one"', '"two"', '"three"');
  expect((await run('batch', prompts, '-b', 'Sandbox-Count', '--dry-run')).out).toBe(
    '3 prompts to Sandbox-Count for 6 points\n',
  );
  const {out} = await run('batch', prompts, '-b', 'Sandbox-Count', '--dry-run', '--json');
  expect(JSON.parse(out)).toEqual({prompts: 3, bot: 'Sandbox-Count', points: 6, isEstimate: false});
  const narrow = await runOnTerminal(['batch', prompts, '-b', 'Sandbox-Count', '--dry-run'], sandbox.env, {
    columns: 36,
  });
  expect(narrow.out).toBe('3 prompts to Sandbox-Count for 6\npoints\n');
  expect(countSends(sandbox)).toBe(0);
});

test('two batches cannot write to the same file', async () => {
  const {run} = await withSandbox();
  const prompts = fileWith('prompts.jsonl', '"one"');
  const results = join(temporaryFolder(), 'out.jsonl');
  writeFileSync(`${results}.lock`, JSON.stringify({pid: process.pid}));
  expect(await run('batch', prompts, ...echo, '-o', results)).toMatchObject({
    code: 1,
    err: expect.stringContaining('another process is using it'),
  });
});

test('a batch waits as long as Poe asks, says so, and stops if that is more than an hour', async () => {
  const {run, runWith, sandbox} = await withKey();
  const prompts = fileWith('prompts.jsonl', {id: 'a', prompt: 'one'}, {id: 'b', prompt: 'two'});
  const results = join(temporaryFolder(), 'results.jsonl');
  const limit = (seconds: string) =>
    sandbox.faults.respondAlways({path: '/v1/chat/completions'}, {status: 429, headers: {'Retry-After': seconds}});
  limit('90');
  const stop = new AbortController();
  const onErr = (text: string) => {
    if (text.includes('The batch goes on in')) stop.abort();
  };
  const one = [...echo, '-o', results, '--concurrency', '1'];
  const waiting = await runWith({signal: stop.signal, onErr}, 'batch', prompts, ...one);
  expect(waiting.code).toBe(130);
  expect(waiting.err.match(/The batch goes on in 1 min 30 s\./g)).toHaveLength(1);
  sandbox.faults.clear();
  limit('7200');
  const stopped = await run('batch', prompts, ...echo, '-o', results);
  expect(stopped.code).toBe(5);
  expect(stopped.err).toContain('Rate limited by Poe');
  sandbox.faults.clear();
  expect((await run('batch', prompts, ...echo, '-o', results)).code).toBe(0);
  expect(byId(linesIn(readFileSync(results, 'utf8')))).toEqual({a: 'one', b: 'two'});
});
