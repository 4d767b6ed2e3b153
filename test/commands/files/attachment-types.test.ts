import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {openAttachments} from '../../../src/core/files/attachments.js';
import {temporaryFolder} from '../../support/harness.js';
import {longEntry, zip} from '../../support/zip.js';

/* The media type and the name that a file is sent with. */

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

async function open(name: string, content: string | Uint8Array) {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return sent(path);
}

/** Opens content without a name. */
const openUnnamed = (content: string | Uint8Array) =>
  sent({
    content: (async function* () {
      yield Buffer.from(content);
    })(),
  });

async function sent(source: Parameters<typeof openAttachments>[0][number]) {
  const {files, close} = await openAttachments([source], {timeoutMs: 5_000, log: () => {}});
  await close();
  return files.map(({name, mimeType}) => ({name, type: mimeType}))[0];
}

const word = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const sheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const slides = 'application/vnd.openxmlformats-officedocument.presentationml.presentation';

test.for([
  ['a.png', hex('89504e470d0a1a0a 0000000d49484452 0000000100000001 0806000000 1f15c489'), 'image/png'],
  ['really-a-jpeg.png', hex('ffd8ffe000104a46494600010100000100010000'), 'image/jpeg'],
  ['a.pdf', '%PDF-1.7\n', 'application/pdf'],
  ['a.gif', 'GIF89a', 'image/gif'],
  ['a.json', '{}', 'application/json'],
  ['a.csv', 'a,b\n', 'text/csv'],
  ['a.md', '# Grüße\n', 'text/markdown'],
  ['a.html', '<!doctype html>', 'text/html'],
  ['a.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml'],
  ['code-not-video.ts', 'export const a = 1;\n', 'text/plain'],
  ['a.py', 'print(1)\n', 'text/plain'],
  ['a.png', 'not a picture', 'text/plain'],
  ['noname', 'just text', 'text/plain'],
  ['a.txt', hex('00010203'), 'application/octet-stream'],
  ['latin-1.txt', hex('4dfc6c6c6572'), 'text/plain'],
  ['utf-16.txt', hex('fffe 5700 6900 6e00 6400'), 'text/plain'],
  ['utf-16.csv', hex('feff 0061 002c 0062'), 'text/csv'],
  ['a.doc', Buffer.concat([hex('d0cf11e0a1b11ae1'), Buffer.alloc(600)]), 'application/msword'],
] satisfies [string, string | Uint8Array, string][])(
  '%s has the type of its content',
  async ([name, content, type]) => {
    expect(await open(name, content)).toEqual({name, type});
  },
);

test.for([
  'BMW sells cars.',
  'GIFs are pictures.',
  'ID3 is a format.',
  'MZ and PE',
  'solid as a rock',
  'BZh!',
  '%PDF is',
])('text that begins with the signature of a format is text: %s', async (text) => {
  expect(await open('notes.txt', text)).toEqual({name: 'notes.txt', type: 'text/plain'});
  expect(await open('notes.md', text)).toEqual({name: 'notes.md', type: 'text/markdown'});
  expect(await openUnnamed(text)).toEqual({name: 'file.txt', type: 'text/plain'});
});

test('text in an old encoding that begins with the signature of a format is text', async () => {
  const text = Buffer.from(`BMW für alle. ${'Auch für Müller und Söhne. '.repeat(20)}`, 'latin1');
  expect(await open('notes.txt', text)).toEqual({name: 'notes.txt', type: 'text/plain'});
  expect(await openUnnamed(text)).toEqual({name: 'file.txt', type: 'text/plain'});
});

test.for([
  ['docx', word, 'word/document.xml'],
  ['xlsx', sheet, 'xl/workbook.xml'],
  ['pptx', slides, 'ppt/presentation.xml'],
  ['epub', 'application/epub+zip', 'META-INF/container.xml'],
] as const)(
  'a document is recognized if its archive begins with another entry: %s',
  async ([extension, type, entry]) => {
    for (const isStreamed of [false, true]) {
      const content = zip([longEntry('media/image1.png'), {name: entry, content: '<xml/>'}], {isStreamed});
      expect(await open(`a.${extension}`, content)).toEqual({name: `a.${extension}`, type});
      expect(await openUnnamed(content)).toEqual({name: `file.${extension}`, type});
    }
  },
);

test('an OpenDocument text is recognized by its name or its first entry', async () => {
  const type = 'application/vnd.oasis.opendocument.text';
  expect(await open('a.odt', zip([longEntry('content.xml')]))).toEqual({name: 'a.odt', type});
  expect(await openUnnamed(zip([{name: 'mimetype', content: type}, longEntry('content.xml')]))).toEqual({
    name: 'file.odt',
    type,
  });
});

test('an archive of other files stays an archive', async () => {
  expect(await open('a.zip', zip([longEntry('a.bin')]))).toEqual({name: 'a.zip', type: 'application/zip'});
  expect(await openUnnamed(zip([longEntry('xl/notes.txt')]))).toEqual({name: 'file.zip', type: 'application/zip'});
  const cut = zip([longEntry('a.bin'), {name: 'xl/workbook.xml', content: 'x'}]).subarray(0, -30);
  expect(await openUnnamed(cut)).toEqual({name: 'file.zip', type: 'application/zip'});
});

test('a file without a name gets the usual extension of its type', async () => {
  const frames = Buffer.concat([hex('fffb9064'), Buffer.alloc(1_000)]);
  const mp3 = Buffer.concat([hex('494433 0400 00 00000000'), frames]);
  const mp3WithCover = Buffer.concat([hex('494433 0400 00 00004000'), Buffer.alloc(8_192), frames]);
  for (const content of [mp3, mp3WithCover, frames]) {
    expect(await openUnnamed(content)).toEqual({name: 'file.mp3', type: 'audio/mpeg'});
  }
  expect(await openUnnamed('%PDF-1.7\n')).toEqual({name: 'file.pdf', type: 'application/pdf'});
  expect(await openUnnamed('{\\rtf1 x}')).toEqual({name: 'file.rtf', type: 'application/rtf'});
  expect(await openUnnamed(hex('00010203'))).toEqual({name: 'file.bin', type: 'application/octet-stream'});
});
