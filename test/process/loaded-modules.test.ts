import {execFile} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {basename, join, resolve} from 'node:path';
import process from 'node:process';
import {promisify} from 'node:util';
import {expect, test} from 'vitest';
import {temporaryFolder, withSandbox} from '../support/harness.js';

test('send in a pipe loads neither the Markdown parser, nor syntax highlighting, nor React, nor YAML', async () => {
  const {sandbox, configDir} = await withSandbox();
  const code = '```js\nconst a = 1;\n```';
  const log = join(temporaryFolder(), 'loaded');
  // Records the files that are read, since modules are loaded with this function.
  const record = `import fs, {appendFileSync} from 'node:fs';
    const {readFileSync} = fs;
    fs.readFileSync = (path, ...more) => (appendFileSync(${JSON.stringify(log)}, path + '\\n'), readFileSync(path, ...more));`;
  const env = {
    PATH: process.env.PATH,
    ...sandbox.env,
    POE_CONFIG_DIR: configDir,
    NODE_OPTIONS: `--import=${dataUrl(record)}`,
  };
  const {stdout} = await promisify(execFile)('node', ['bin/poe.js', 'send', '-b', 'Sandbox-Echo', code], {env});
  expect(stdout).toBe(`${code}\n`);
  const files = readFileSync(log, 'utf8').split('\n');
  expect(files.filter((path) => path.includes('libsql'))).toEqual([]);
  const loaded = files.filter((path) => path.includes('/dist/'));
  expect(loaded).toContain(resolve('dist/cli/main.js'));
  expect(loaded.filter((path) => /^(?:highlight|javascript-|languages|markdown)/.test(basename(path)))).toEqual([]);
  const others = /Symbol\.for\(.react\.|YAMLException|Unresolved \$ref/;
  expect(loaded.filter((path) => others.test(readFileSync(path, 'utf8')))).toEqual([]);
});

test.each(['web', 'api'] as const)('a cached send through %s does not load fetch, which ky needs', async (via) => {
  const {sandbox, configDir} = await withSandbox();
  const log = join(temporaryFolder(), 'loaded');
  const report = `import {writeFileSync} from 'node:fs'; import process from 'node:process';
    const fetch = 'NativeModule internal/deps/undici/undici';
    process.on('exit', () => writeFileSync(${JSON.stringify(log)}, String(process.moduleLoadList.includes(fetch))));`;
  const env = {
    PATH: process.env.PATH,
    ...sandbox.env,
    POE_API_URL: sandbox.apiUrl,
    POE_API_KEY: sandbox.apiKey,
    POE_CONFIG_DIR: configDir,
    NODE_OPTIONS: `--import=${dataUrl(report)}`,
  };
  const loadsFetch = async () => {
    await promisify(execFile)('node', ['bin/poe.js', 'send', '--via', via, '-b', 'Sandbox-Echo', 'hello'], {env});
    return readFileSync(log, 'utf8');
  };
  expect(await loadsFetch()).toBe('true');
  expect(await loadsFetch()).toBe('false');
});

test('a send to a server on this machine loads neither TLS nor the module that starts programs', async () => {
  const {sandbox, configDir} = await withSandbox();
  const log = join(temporaryFolder(), 'loaded');
  const report = `import {writeFileSync} from 'node:fs'; import process from 'node:process';
    process.on('exit', () => writeFileSync(${JSON.stringify(log)}, process.moduleLoadList.join()));`;
  const env = {
    PATH: process.env.PATH,
    ...sandbox.env,
    POE_API_URL: sandbox.apiUrl,
    POE_API_KEY: sandbox.apiKey,
    POE_CONFIG_DIR: configDir,
    NODE_OPTIONS: `--import=${dataUrl(report)}`,
  };
  for (const via of ['web', 'api']) {
    const send = ['bin/poe.js', 'send', '--via', via, '-b', 'Sandbox-Echo', 'hello'];
    // The first one stores the list of bots, which takes fetch, and the facts about the site.
    for (let run = 0; run < 2; run++) await promisify(execFile)('node', send, {env});
    const loaded = readFileSync(log, 'utf8').split(',');
    expect(loaded).toContain('NativeModule http');
    for (const name of ['tls', 'https', 'child_process']) expect(loaded).not.toContain(`NativeModule ${name}`);
  }
});

const dataUrl = (script: string) => `data:text/javascript,${encodeURIComponent(script)}`;
