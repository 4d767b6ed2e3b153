import {PassThrough, Readable} from 'node:stream';
import {expect, test} from 'vitest';
import {countSends, withSandbox} from '../../support/harness.js';

const echo = ['send', '-b', 'Sandbox-Echo'] as const;
const files = ['send', '-b', 'Sandbox-Files'] as const;

/** Bytes as stdin. */
const bytes = (content: string | Uint8Array) => Readable.from([Buffer.from(content)]);

test('poe says that it waits for stdin, and how to do without it', async () => {
  const {runWith} = await withSandbox();
  for (const [words, note] of [
    [['2x2?'], 'Waiting for input on stdin. To send only the arguments, add --no-stdin.\n'],
    [[], 'Waiting for input on stdin.\n'],
    [['-f', '-', 'What is this?'], 'Waiting for input on stdin.\n'],
  ] as const) {
    const stdin = new PassThrough();
    const onErr = () => stdin.end('late');
    const {code, err} = await runWith({stdin, onErr}, ...files, ...words);
    expect({words, code, err}).toEqual({words, code: 0, err: note});
  }
});

test('login says what it waits for on stdin', async () => {
  const {runWith} = await withSandbox();
  const env = {POE_P_B: undefined, POE_P_LAT: undefined};
  for (const [words, note] of [
    [['login'], 'Waiting for the cookies on stdin.\n'],
    [['login', '--api-key'], 'Waiting for the API key on stdin.\n'],
  ] as const) {
    const stdin = new PassThrough();
    const {code, err} = await runWith({stdin, env, onErr: () => stdin.end()}, ...words);
    expect({words, code, err}).toEqual({words, code: 2, err: expect.stringContaining(note)});
  }
});

test('stdin that cannot be read is an error', async () => {
  const {runWith} = await withSandbox();
  for (const words of [
    ['send', 'hello'],
    ['send', '-f', '-', 'hello'],
  ]) {
    const stdin = new Readable({read: () => stdin.destroy(Object.assign(new Error('x'), {code: 'EBADF'}))});
    expect(await runWith({stdin}, ...words)).toEqual({
      code: 2,
      out: '',
      err: 'poe: Could not read stdin (EBADF)\n     Redirect it from a file or pipe.\n',
    });
  }
});

test('login reads JSON with a byte order mark', async () => {
  const {runWith, sandbox} = await withSandbox();
  const {pB, pLat} = sandbox.tokens;
  const env = {POE_P_B: undefined, POE_P_LAT: undefined};
  const json = `\uFEFF${JSON.stringify({'p-b': pB, 'p-lat': pLat})}`;
  for (const stdin of [bytes(json), bytes(Buffer.from(json, 'utf16le'))]) {
    expect(await runWith({stdin, env}, 'login')).toMatchObject({code: 0, err: ''});
  }
});

test('--no-stdin leaves stdin to other programs', async () => {
  const {runWith} = await withSandbox();
  const stdin = new PassThrough();
  stdin.write('the next line of a loop\n');
  expect(await runWith({stdin}, ...echo, '--no-stdin', 'a')).toEqual({code: 0, out: 'a\n', err: ''});
  expect(await runWith({stdin}, '--no-stdin', '-b', 'Sandbox-Echo', 'b')).toEqual({code: 0, out: 'b\n', err: ''});
  expect(stdin.read()).toEqual(Buffer.from('the next line of a loop\n'));
});

test('more than 10 MB on stdin are rejected without reading further', async () => {
  const {runWith, sandbox} = await withSandbox();
  let read = 0;
  const chunk = Buffer.alloc(100_000, 'y\n');
  const stdin = new Readable({
    read() {
      read += chunk.length;
      this.push(chunk);
    },
  });
  const {code, out, err} = await runWith({stdin}, 'send', 'Review this');
  expect({code, out}).toEqual({code: 5, out: ''});
  expect(err).toBe('poe: More than 10 MB of text on stdin\n     To attach it as a file instead: poe send -f - "…"\n');
  expect(read).toBeLessThan(11_000_000);
  expect(countSends(sandbox)).toBe(0);
});

test('binary input is rejected, and can be attached as a file', async () => {
  const {runWith, sandbox} = await withSandbox();
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  for (const input of [png, Buffer.from('a\0b'), Buffer.from('Müller', 'latin1')]) {
    const {code, out, err} = await runWith({stdin: bytes(input)}, 'send', 'What is this?');
    expect({code, out}).toEqual({code: 2, out: ''});
    expect(err).toBe(
      'poe: The input on stdin is not UTF-8 text\n     To attach it as a file instead: poe send -f - "…"\n',
    );
  }
  expect(countSends(sandbox)).toBe(0);
  for (const name of ['-', '/dev/stdin', '/dev/fd/0']) {
    const {code, out, err} = await runWith({stdin: bytes(png)}, ...files, '-f', name, 'What is this?');
    expect({name, code, err}).toEqual({name, code: 0, err: ''});
    expect(out).toContain('file.png, image/png, 16, ');
  }
});

test('text with a byte order mark is decoded', async () => {
  const {runWith} = await withSandbox();
  const text = 'Grüße 👋';
  const utf16 = Buffer.from(`\uFEFF${text}`, 'utf16le');
  for (const input of [Buffer.from(`\uFEFF${text}`), utf16, Buffer.from(utf16).swap16()]) {
    expect(await runWith({stdin: bytes(input)}, ...echo)).toEqual({code: 0, out: `${text}\n`, err: ''});
  }
});

test('a character that is cut off at the end of stdin is dropped', async () => {
  const {runWith} = await withSandbox();
  const stdin = bytes(Buffer.from('Grüße 👋').subarray(0, -1));
  expect((await runWith({stdin}, ...echo)).out).toBe('Grüße \n');
});

test('stdin is either part of the message or one attached file', async () => {
  const {runWith} = await withSandbox();
  for (const words of [
    ['-f', '-', '-'],
    ['-f', '-', '-f', '/dev/stdin', 'a'],
    ['-f', '-', '--no-stdin', 'a'],
    ['-f', '-'],
  ]) {
    expect({words, ...(await runWith({stdin: 'text'}, 'send', ...words))}).toMatchObject({words, code: 2, out: ''});
  }
});
