import {expect, test} from 'vitest';
import {quote, redact, registerSecret} from '../../src/core/log/redact.js';

const cookie = 'Zx7Qw%2Bk9LmP0aB3%2Fr8TnUv%3D%3D';
const decoded = 'Zx7Qw+k9LmP0aB3/r8TnUv==';
registerSecret(cookie);

test.for([
  ['as it is', cookie],
  ['URL-decoded', decoded],
  ['URL-encoded once more', encodeURIComponent(cookie)],
  ['URL-encoded twice more', encodeURIComponent(encodeURIComponent(cookie))],
  ['URL-encoded in lower case', encodeURIComponent(decoded).toLowerCase()],
  ['URL-encoded completely', [...Buffer.from(decoded)].map((byte) => `%${byte.toString(16)}`).join('')],
  ['in JSON with escaped slashes', decoded.replaceAll('/', String.raw`\/`)],
  ['in JSON with Unicode escapes', decoded.replaceAll('=', String.raw`\u003d`)],
  ['in HTML', decoded.replaceAll('=', '&#x3D;').replaceAll('+', '&#43;')],
  ['in lower case', decoded.toLowerCase()],
  ['in upper case', decoded.toUpperCase()],
  ['in base64', Buffer.from(decoded).toString('base64')],
  ['in the alphabet of base64 for URLs', Buffer.from(cookie).toString('base64url')],
  ['in hexadecimal', Buffer.from(decoded).toString('hex')],
  ['in hexadecimal in upper case', Buffer.from(cookie).toString('hex').toUpperCase()],
])('a secret is removed %s', ([_form, quoted]) => {
  expect(redact(`Bad cookie ${quoted}!`)).toMatch(/^Bad cookie …[\w=]{0,3}!$/);
});

test('a part of a secret is removed', () => {
  expect(redact('Unknown: Zx7Qw+k9…')).toBe('Unknown: ……');
  expect(redact('It ends in r8TnUv==')).toBe('It ends in …');
  expect(redact(`Cut: ${cookie.slice(4, 22)}`)).toBe('Cut: …');
  expect(redact(`Cut: ${Buffer.from(decoded).toString('base64').slice(5, 25)}`)).toBe('Cut: …');
});

test('a secret inside base64 of other data is removed', () => {
  for (const user of ['', 'a', 'ab', 'abc']) {
    const credentials = Buffer.from(`${user}:${decoded}:x`).toString('base64');
    const redacted = redact(`Basic ${credentials}`);
    expect(redacted).toMatch(/^Basic .{0,8}….{0,8}$/);
  }
});

test('ordinary text is left as it is', () => {
  registerSecret('sandbox-key-5f2b8c1d9e', 'A-1735689600-1.2.1.1-x7Yq2w9Z', 'correct horse battery');
  for (const text of [
    'The sandbox-key is missing in the sandbox',
    'HTTP 400 (req_1735689600): "max_tokens must be at most 4096"',
    'Use %20 for a space, &amp; for & and \\u0041 for A',
    'Zx7Qw is not long enough to be a part of a secret',
    'battery is a word',
    '日本語 İstanbul 👋',
    '',
  ]) {
    expect(redact(text)).toBe(text);
  }
  expect(redact('correct horse battery')).toBe('…');
});

test('several secrets are removed, and the text around them remains', () => {
  registerSecret('0123456789abcdef');
  expect(redact(`a 0123456789ABCDEF%20b ${cookie}${decoded} c`)).toBe('a …%20b … c');
});

test('a secret at the end of a quote is removed though the quote cuts it', () => {
  expect(quote(`${'-'.repeat(20)}${cookie} rest`, 30)).toBe(`${'-'.repeat(20)}… rest`);
});

test('of many secrets the newest are removed', () => {
  const secretOf = (index: number) => `s${index}Secret${index * 7919}x`;
  for (let index = 1_000; index < 1_600; index++) registerSecret(secretOf(index));
  expect(redact(secretOf(1_599))).toBe('…');
});
