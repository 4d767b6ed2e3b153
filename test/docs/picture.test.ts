import {execFile} from 'node:child_process';
import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {expect, test} from 'vitest';
import {temporaryFolder} from '../support/harness.js';

const folder = 'docs/pictures';

test('the picture shows a chat in dark and light colors', async () => {
  const to = temporaryFolder();
  await promisify(execFile)(process.execPath, ['scripts/picture.js', 'reply', '--to', to]);
  for (const theme of ['dark', 'light']) {
    const svg = readFileSync(join(to, `reply-${theme}.svg`), 'utf8');
    const words = svg.replaceAll(/<style>[^]*<\/style>|<[^>]+>/g, '');
    for (const part of ['How long does tea take', 'Minutes', 'def', 'And for oolong?', ' left'])
      expect(words).toContain(part);
    expect(svg).toMatch(/class="magenta"[^>]*>import</);
  }
});

test('the pictures of the README are there and small', () => {
  const files = readdirSync(folder);
  const readme = readFileSync('README.md', 'utf8');
  for (const [, file = ''] of readme.matchAll(/docs\/pictures\/([\w-]+\.svg)/g)) expect(files).toContain(file);
  for (const file of files)
    expect({file, isSmall: statSync(join(folder, file)).size < 200_000}).toMatchObject({isSmall: true});
});

test('the moving picture takes about twenty seconds, and has colors for light and dark mode', () => {
  const svg = readFileSync(join(folder, 'animation.svg'), 'utf8');
  expect(Number(/ dur="([\d.]+)s"/.exec(svg)?.[1])).toBeCloseTo(20, -1);
  expect(svg).toContain('@media (prefers-color-scheme: dark)');
});
