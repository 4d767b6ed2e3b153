import {execFile} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {expect, test} from 'vitest';
import {temporaryFolder, withSandbox} from '../support/harness.js';

test('send in a pipe loads neither syntax highlighting nor React', async () => {
  const {sandbox, configDir} = await withSandbox();
  const code = '```js\nconst a = 1;\n```';
  const log = join(temporaryFolder(), 'loaded');
  const hooks = `import {appendFileSync} from 'node:fs';
    export const load = (url, context, next) => (appendFileSync(${JSON.stringify(log)}, url + '\\n'), next(url, context));`;
  const register = `import {register} from 'node:module'; register(${JSON.stringify(dataUrl(hooks))});`;
  const env = {
    PATH: process.env.PATH,
    ...sandbox.env,
    POE_CONFIG_DIR: configDir,
    NODE_OPTIONS: `--import=${dataUrl(register)}`,
  };
  const {stdout} = await promisify(execFile)('node', ['bin/poe.js', 'send', '-b', 'Sandbox-Echo', code], {env});
  expect(stdout).toBe(`${code}\n`);
  const loaded = readFileSync(log, 'utf8')
    .split('\n')
    .filter((url) => url.includes('/dist/'))
    .map((url) => fileURLToPath(url));
  expect(loaded).toContain(resolve('dist/cli.js'));
  expect(loaded.filter((path) => /highlight|javascript-|languages|lexer|markdown/.test(path))).toEqual([]);
  expect(loaded.filter((path) => /Symbol\.for\(.react\./.test(readFileSync(path, 'utf8')))).toEqual([]);
});

const dataUrl = (script: string) => `data:text/javascript,${encodeURIComponent(script)}`;
