import {execFile} from 'node:child_process';
import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {expect, test} from 'vitest';
import {temporaryFolder} from '../support/harness.js';

test('the picture shows a chat, has colors for light and dark mode, and is small', async () => {
  const path = join(temporaryFolder(), 'chat.svg');
  await promisify(execFile)(process.execPath, ['scripts/picture.js', path]);
  const svg = readFileSync(path, 'utf8');
  const words = svg.replaceAll(/<style>[^]*<\/style>|<[^>]+>/g, '');
  for (const part of ['&gt; How long does tea take', 'Minutes', 'def', 'And for oolong?', ' left'])
    expect(words).toContain(part);
  expect(svg).toMatch(/class="magenta"[^>]*>import</);
  expect(svg).toContain('@media (prefers-color-scheme: dark)');
  for (const file of [path, 'docs/chat.svg']) expect(statSync(file).size).toBeLessThan(60_000);
});
