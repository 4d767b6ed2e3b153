import {existsSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import process from 'node:process';
import {expect, onTestFinished, test} from 'vitest';
import {temporaryFolder, withSandbox} from '../../support/harness.js';

/** A sandbox in which `xdg-open` and `open` write down what they are to open. */
async function withOpener({exitCode = 0}: {exitCode?: number} = {}) {
  const {runWith} = await withSandbox();
  const folder = temporaryFolder();
  const seen = join(folder, 'seen');
  for (const name of ['xdg-open', 'open'])
    writeFileSync(join(folder, name), `#!/bin/sh\nprintf '%s|' "$@" >> ${seen}\nexit ${exitCode}\n`, {mode: 0o755});
  const run = (...argv: string[]) => runWith({env: {PATH: `${folder}:${process.env.PATH}`}}, ...argv);
  return {run, opened: () => (existsSync(seen) ? readFileSync(seen, 'utf8').split('|').slice(0, -1) : [])};
}

const svg = '<svg width="10" height="10" onload="alert(1)"><script>alert(2)</script><circle r="5"/></svg>';
const reply = [
  'See [the site](https://a.example/b?c=1&d=2) and https://c.example.',
  `\`\`\`svg\n${svg}\n\`\`\``,
  '- ```mermaid\n  graph TD\n    A --> B\n  ```',
  '![cat](https://i.example/cat.png) [mail](mailto:a@b.example) [no](javascript:alert(1)) [file](file:///etc/passwd)',
].join('\n\n');

test('an SVG picture is opened on a private page, where it can neither run scripts nor load anything', async () => {
  const {run, opened} = await withOpener();
  await run('send', '-b', 'Sandbox-Echo', reply);
  const {code, out, err} = await run('open', 'last');
  expect({code, err}).toEqual({code: 0, err: ''});
  const [path = ''] = opened();
  onTestFinished(() => rmSync(dirname(path), {recursive: true}));
  expect(out).toBe(`Opened ${path}\nOthers: 2 Mermaid diagram, 3 cat.png, 4 the site, 5 https://c.example\n`);
  expect(path).toMatch(/\/poe-[^/]+\/picture\.html$/);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  const page = readFileSync(path, 'utf8');
  expect(page).toContain(`content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"`);
  expect(page).not.toMatch(/<script|onload|<svg/);
  const [, data = ''] = /src="data:image\/svg\+xml;base64,([\w+/=]+)"/.exec(page) ?? [];
  expect(Buffer.from(data, 'base64').toString()).toBe(svg.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"'));
});

test('the source of a Mermaid diagram is opened as a file', async () => {
  const {run, opened} = await withOpener();
  await run('send', '-b', 'Sandbox-Echo', reply);
  const {out} = await run('open', 'last', '2');
  const [path = ''] = opened();
  onTestFinished(() => rmSync(dirname(path), {recursive: true}));
  expect(out).toContain('a Mermaid viewer draws it');
  expect(path).toMatch(/\/diagram\.mmd$/);
  expect(readFileSync(path, 'utf8')).toBe('graph TD\n  A --> B\n');
});

test('images and links are opened by their number, and only those with http and https', async () => {
  const {run, opened} = await withOpener();
  await run('send', '-b', 'Sandbox-Echo', reply);
  expect((await run('open', 'last', '3')).out).toContain('Opened https://i.example/cat.png\n');
  expect((await run('open', 'last', '4')).out).toContain('Opened https://a.example/b?c=1&d=2\n');
  expect(JSON.parse((await run('open', 'last', '5', '--json')).out)).toEqual({
    opened: 'https://c.example',
    type: 'link',
  });
  expect(opened()).toEqual(['https://i.example/cat.png', 'https://a.example/b?c=1&d=2', 'https://c.example']);
  expect(await run('open', 'last', '6')).toEqual({
    code: 2,
    out: '',
    err: 'poe: The reply has nothing with the number "6"\n     It has: 1 SVG picture, 2 Mermaid diagram, 3 cat.png, 4 the site, 5 https://c.example\n',
  });
});

test('without anything to open, or a program that can open it, an error says so', async () => {
  const {run} = await withOpener({exitCode: 3});
  await run('send', '-b', 'Sandbox-Count', 'count to 2');
  expect((await run('open', 'last')).err).toMatch(/^poe: No reply in this chat has a diagram, a file or a link/);
  await run('send', '-b', 'Sandbox-Echo', 'https://a.example');
  expect(await run('open', 'last')).toMatchObject({
    code: 2,
    err: 'poe: No program could be started to open it\n     Open it yourself: https://a.example\n',
  });
});
