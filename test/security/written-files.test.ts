import {execFileSync} from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {chatFolder} from '../../src/core/api/chats/chat-files.js';
import {LocalChats} from '../../src/core/api/chats/local-chats.js';
import {filesIn} from '../../src/output/format/file-names.js';
import {temporaryFolder, withSandbox} from '../support/harness.js';

/* Files are written to the given folder, under safe names, and never over existing files. */

const url = 'https://example.com/';
const safeName = (name: string | null) =>
  filesIn({text: '', attachments: [{name, url, mimeType: null, size: null}]})[0]?.name;

test.each([
  ['', 'file'],
  ['.', 'file'],
  ['..', 'file'],
  ['...', 'file'],
  [' . . ', 'file'],
  ['../../.ssh/authorized_keys', '_.._.ssh_authorized_keys'],
  ['/etc/passwd', '_etc_passwd'],
  ['C:\\Windows\\x.dll', 'C__Windows_x.dll'],
  ['.bashrc', 'bashrc'],
  ['-rf', 'rf'],
  ['--yes.txt', 'yes.txt'],
  ['-. -', 'file'],
  ['picture.png.', 'picture.png'],
  ['picture.png . .', 'picture.png'],
  ['con', '_con'],
  ['CON', '_CON'],
  ['NUL.txt', '_NUL.txt'],
  ['nul .tar.gz', '_nul .tar.gz'],
  ['Com1', '_Com1'],
  ['COM¹.log', '_COM¹.log'],
  ['lpt9.', '_lpt9'],
  ['aux:', 'aux_'],
  ['PRN', '_PRN'],
  ['CONIN$', '_CONIN$'],
  ['.NUL', '_NUL'],
  ['console.log', 'console.log'],
  ['com10.txt', 'com10.txt'],
  ['a\u0000b\u001b[2J.png', 'a_b_[2J.png'],
  ['a\r\nb.png', 'a b.png'],
  ['photo\u202Egnp.exe', 'photo_gnp.exe'],
  ['日本語 👩🏽‍🍳.png', '日本語 👩🏽‍🍳.png'],
])('a file named %j by Poe is saved as %j', (original, safe) => {
  expect(safeName(original)).toBe(safe);
});

test('a long name is shortened between characters and keeps its extension', () => {
  for (const letter of ['a', 'é', '日', '😀', '.', ' ', '\ud83d']) {
    for (const extension of ['.png', '', `.${'x'.repeat(400)}`, ' .png']) {
      const name = safeName(`n${letter.repeat(1000)}${extension}`) ?? '';
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
      expect(name).toMatch(/^n/);
      expect(name).not.toMatch(/[. ]$|[\p{Surrogate}\uFFFD]/u);
      if (extension.endsWith('.png')) expect(name).toMatch(/\.png$/);
    }
  }
});

test('files of one reply with the same name, in any letter case, get different names', () => {
  const attachments = ['a.png', 'A.PNG', 'a.png', 'a-2.png', 'b'].map((name, index) => ({
    name,
    url: `${url}${index}`,
    mimeType: null,
    size: null,
  }));
  expect(filesIn({text: '', attachments}).map(({name}) => name)).toEqual([
    'a.png',
    'A-2.PNG',
    'a-3.png',
    'a-2-2.png',
    'b',
  ]);
});

/** Creates what may already exist at a path, and returns a function that checks whether it is unchanged. */
const obstacles: Record<string, (path: string, folder: string) => () => unknown> = {
  'a file': (path) => {
    writeFileSync(path, 'mine', {mode: 0o600});
    return () => readFileSync(path, 'utf8') === 'mine';
  },
  'a read-only file': (path) => {
    writeFileSync(path, 'mine', {mode: 0o400});
    return () => readFileSync(path, 'utf8') === 'mine';
  },
  'a link to a file': (path, folder) => {
    const target = join(folder, 'target');
    writeFileSync(target, 'mine');
    symlinkSync(target, path);
    return () => readlinkSync(path) === target && readFileSync(target, 'utf8') === 'mine';
  },
  'a link to nothing': (path, folder) => {
    const target = join(folder, 'nothing');
    symlinkSync(target, path);
    return () => readlinkSync(path) === target && !existsSync(target);
  },
  'a pipe': (path) => {
    execFileSync('mkfifo', [path]);
    return () => lstatSync(path).isFIFO();
  },
};

/** A chat that has a picture, and commands that write a file. */
async function withFiles() {
  const {run} = await withSandbox();
  const server = createServer((_request, response) => response.end('picture'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await run('send', '-b', 'Sandbox-Echo', `![](${host}/a.png)`);
  const writers: Record<string, (path: string) => ReturnType<typeof run>> = {
    'history export': (path) => run('history', 'export', 'last', '-o', path),
    save: (path) => run('save', 'last', '1', path),
    'doctor --export-site': (path) => run('doctor', '--export-site', path),
  };
  return {run, writers};
}

test('no command overwrites an existing file, link or pipe', async () => {
  const {writers} = await withFiles();
  for (const [command, write] of Object.entries(writers)) {
    for (const [what, create] of Object.entries(obstacles)) {
      const folder = temporaryFolder();
      const path = join(folder, 'existing');
      const isUnchanged = create(path, folder);
      const before = readdirSync(folder);
      const {code, err} = await write(path);
      expect({command, what, code, isReported: err.includes(`${path} already exists`)}).toEqual({
        command,
        what,
        code: 2,
        isReported: true,
      });
      expect({command, what, isUnchanged: isUnchanged(), files: readdirSync(folder)}).toEqual({
        command,
        what,
        isUnchanged: true,
        files: before,
      });
    }
  }
});

test('a file cannot be written to a folder that does not exist, or below a file', async () => {
  const {writers} = await withFiles();
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), 'mine');
  for (const [command, write] of Object.entries(writers)) {
    for (const path of [join(folder, 'nowhere', 'x'), join(folder, 'file', 'x')]) {
      const {code, err} = await write(path);
      expect({command, code}).toEqual({command, code: 2});
      expect(err).toMatch(/^poe: .*could not (?:be written|write)/i);
    }
  }
  expect(readdirSync(folder)).toEqual(['file']);
});

test('save --yes replaces a file or a link, but not the target of the link, nor a pipe or folder', async () => {
  const {run} = await withFiles();
  const replaced: Record<string, number> = {};
  for (const [what, create] of Object.entries(obstacles)) {
    const folder = temporaryFolder();
    const path = join(folder, 'existing');
    const isUnchanged = create(path, folder);
    replaced[what] = (await run('save', 'last', '1', path, '--yes')).code;
    if (replaced[what] === 0) expect(readFileSync(path, 'utf8')).toBe('picture');
    else expect(isUnchanged()).toBe(true);
    if (existsSync(join(folder, 'target'))) expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('mine');
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  }
  expect(replaced).toEqual({
    'a file': 0,
    'a read-only file': 0,
    'a link to a file': 0,
    'a link to nothing': 0,
    'a pipe': 2,
  });
  const folder = mkdtempSync(join(temporaryFolder(), 'of-'));
  mkdirSync(join(folder, 'a.png'));
  expect((await run('save', 'last', '1', folder, '--yes')).err).toContain('Not a file that can be replaced');
  expect(readdirSync(folder)).toEqual(['a.png']);
});

test('a local chat code that escapes the chats folder is rejected', async () => {
  const folder = temporaryFolder();
  const chats = new LocalChats(chatFolder(join(folder, 'chats')));
  const path = join(folder, 'mine.jsonl');
  writeFileSync(path, 'mine');
  for (const code of ['local-/../../mine', 'local-/../mine', '../mine', 'local-', 'local-A', '/etc/passwd']) {
    const ref = {chatCode: code};
    expect({code, has: await chats.has(ref)}).toEqual({code, has: false});
    await expect(chats.delete(ref)).rejects.toMatchObject({code: 'chat_not_found'});
    await expect(chats.setTitle(ref, 'x')).rejects.toMatchObject({code: 'chat_not_found'});
  }
  expect(readFileSync(path, 'utf8')).toBe('mine');
});
