import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {dirname, join} from 'node:path';
import process from 'node:process';
import {expect, test} from 'vitest';
import {runMain, temporaryFolder} from '../support/harness.js';

const files = {
  'claude-code': '.claude.json',
  codex: '.codex/config.toml',
  gemini: '.gemini/settings.json',
  vscode:
    process.platform === 'darwin' ? 'Library/Application Support/Code/User/mcp.json' : '.config/Code/User/mcp.json',
  cursor: '.cursor/mcp.json',
};
type Client = keyof typeof files;

function withHome() {
  const home = temporaryFolder();
  const env = {HOME: home, POE_CONFIG_DIR: join(home, 'poe')};
  const pathOf = (client: Client) => join(home, files[client]);
  return {
    home,
    pathOf,
    run: (...argv: string[]) => runMain(['mcp', ...argv], {env}),
    write(client: Client, text: string) {
      mkdirSync(dirname(pathOf(client)), {recursive: true});
      writeFileSync(pathOf(client), text);
    },
    read: (client: Client) => readFileSync(pathOf(client), 'utf8'),
  };
}

test.each(Object.keys(files) as Client[])('install sets up %s, and uninstall takes everything back', async (client) => {
  const {home, run, pathOf, read} = withHome();
  const shown = await run('install', client, '--dry-run');
  expect(shown.out).toContain(`${pathOf(client)}:\n+ `);
  expect(existsSync(pathOf(client))).toBe(false);
  expect(await run('install', client)).toMatchObject({code: 2, err: expect.stringContaining('add --yes')});
  expect(existsSync(pathOf(client))).toBe(false);

  expect((await run('install', client, '--yes')).out).toMatch(/^Added poe to .*\. (?:Start|Restart)/);
  expect(read(client)).toContain(JSON.stringify(process.execPath));
  expect(read(client)).not.toMatch(/key|cookie/i);
  expect((await run('install', client, '--yes')).out).toBe(`Nothing to change in ${pathOf(client)}\n`);
  expect(JSON.parse((await run('uninstall', client, '--yes', '--json')).out)).toMatchObject({client, change: 'remove'});
  expect(existsSync(pathOf(client))).toBe(false);
  expect((await run('uninstall', client, '--yes')).out).toBe(`Nothing to change in ${pathOf(client)}\n`);
  // Folders that install has created are gone, too.
  expect(readdirSync(home)).toEqual(['poe']);

  mkdirSync(dirname(pathOf(client)), {recursive: true});
  await run('install', client, '--yes');
  await run('uninstall', client, '--yes');
  expect(existsSync(dirname(pathOf(client)))).toBe(true);
});

/** Configurations that people have, which must stay as they are. */
const configurations: [Client, string][] = [
  ['cursor', ''],
  ['cursor', '{}'],
  ['cursor', '{ }\n'],
  ['claude-code', '{"numStartups":3,"mcpServers":{},"projects":{"/a":{"mcpServers":{}}}}'],
  ['claude-code', '{\n  "numStartups": 3,\n  "mcpServers": {\n    "other": {"command": "x", "args": []}\n  }\n}\n'],
  ['gemini', '\uFEFF{\r\n\t"theme": "Dark"\r\n}\r\n'],
  [
    'vscode',
    '{ // my servers\n  // the first\n  "servers": { // here\n    /* a */ "a": {"command": "a"}, // last\n  },\n  "inputs": [],\n}',
  ],
  ['codex', ''],
  ['codex', 'model = "o3" # mine'],
  ['codex', 'model = "o3"\r\n\r\n[mcp_servers.other]\r\ncommand = "x"\r\n\r\n[profiles.a]\r\nmodel = "b"\r\n'],
];

test.each(configurations)('in %s, everything else stays as it is: %j', async (client, before) => {
  const {run, write, read, pathOf} = withHome();
  write(client, before);
  chmodSync(pathOf(client), 0o644);
  expect(await run('install', client, '--yes')).toMatchObject({code: 0, err: ''});
  const {command, args} = await serverIn(client, read(client));
  expect({command, last: args.at(-1)}).toEqual({command: process.execPath, last: 'mcp'});
  const lines = before.split(/[\r\n]+/);
  for (const part of lines.length > 1 ? lines : []) expect(read(client)).toContain(part.replace(/\}+\s*$/, '').trim());
  expect(statSync(pathOf(client)).mode & 0o777).toBe(0o644);

  // Other options replace the entry.
  expect((await run('install', client, '--yes', '--ask-above', '7', '--profile', 'work')).out).toContain('Replaced');
  expect((await serverIn(client, read(client))).args.slice(2)).toEqual(['--profile', 'work', '--ask-above', '7']);
  await run('uninstall', client, '--yes');
  expect(read(client)).toBe(before);
});

test('an entry that another program has reformatted is removed, too', async () => {
  const {run, write, read} = withHome();
  write('claude-code', '{"a": 1, "mcpServers": {"x": {"command": "x"}}}');
  await run('install', 'claude-code', '--yes');
  write('claude-code', JSON.stringify({...JSON.parse(read('claude-code')), b: 2}));
  await run('uninstall', 'claude-code', '--yes');
  expect(JSON.parse(read('claude-code'))).toEqual({a: 1, mcpServers: {x: {command: 'x'}}, b: 2});

  for (const others of [{}, {theme: 'dark'}]) {
    const rewritten = withHome();
    await rewritten.run('install', 'gemini', '--yes');
    rewritten.write('gemini', JSON.stringify({...others, ...JSON.parse(rewritten.read('gemini'))}));
    await rewritten.run('uninstall', 'gemini', '--yes');
    const left = existsSync(rewritten.pathOf('gemini')) ? JSON.parse(rewritten.read('gemini')) : {};
    expect(left).toEqual(others);
  }

  const toml =
    'a = 1\n\n[mcp_servers.poe]\ncommand = "x"\n[mcp_servers.poe.env]\nA = "b"\n\n# about c\n[c]\nd = """\n[mcp_servers.poe]\n"""\n';
  write('codex', toml);
  // A text that looks like a table cannot be told from one, so nothing is changed.
  expect(await run('uninstall', 'codex', '--yes')).toMatchObject({
    code: 2,
    err: expect.stringContaining('cannot change'),
  });
  write('codex', toml.replace('[mcp_servers.poe]\n"""', 'x"""'));
  await run('uninstall', 'codex', '--yes');
  expect(read('codex')).toBe('a = 1\n\n# about c\n[c]\nd = """\nx"""\n');
});

const broken: [Client, string, string][] = [
  ['cursor', '{\n  "mcpServers": {\n    "a" 1\n  }\n}', ':3:9: colon expected'],
  ['cursor', '[]', ':1:1: expected an object'],
  ['cursor', '{"mcpServers": []}', ':1:16: "mcpServers" is not an object'],
  ['cursor', '{"mcpServers": {},\n "mcpServers": {}}', ':2:2: "mcpServers" is there twice'],
  ['codex', 'a = 1\nb = = 2\n', ':2:'],
  ['codex', 'mcp_servers = {other = {command = "x"}}\n', 'cannot change'],
  ['codex', 'mcp_servers = 3\n', 'mcp_servers is not a table'],
];

test.each(broken)('a broken configuration of %s is not touched: %j', async (client, text, place) => {
  const {run, write, read, pathOf} = withHome();
  write(client, text);
  const {code, err} = await run('install', client, '--yes');
  expect(code).toBe(2);
  expect(err).toContain(pathOf(client));
  expect(err).toContain(place);
  expect(err).toContain('Nothing was changed.');
  expect(read(client)).toBe(text);
});

test('a configuration behind a symbolic link is changed where it is', async () => {
  const {run, write, read, pathOf, home} = withHome();
  const target = join(home, 'dotfiles.json');
  writeFileSync(target, '{}');
  write('cursor', '');
  symlinkSync(target, join(home, 'link'));
  const linked = join(home, '.gemini');
  mkdirSync(linked);
  symlinkSync(join(home, 'link'), pathOf('gemini'));
  await run('install', 'gemini', '--yes', '--files', home, '--no-archive');
  expect(JSON.parse(readFileSync(target, 'utf8')).mcpServers.poe.args.slice(2)).toEqual([
    '--files',
    home,
    '--no-archive',
  ]);
  expect(JSON.parse(read('gemini')).mcpServers.poe.env).toEqual({POE_CONFIG_DIR: join(home, 'poe')});
  await run('uninstall', 'gemini', '--yes');
  expect(readFileSync(target, 'utf8')).toBe('{}');
});

async function serverIn(client: Client, text: string): Promise<{command: string; args: string[]}> {
  if (client === 'codex') {
    const {parse} = await import('smol-toml');
    // Its shape is what the test is about.
    return (parse(text) as any).mcp_servers.poe; // oxlint-disable-line no-explicit-any
  }
  const {parse} = await import('jsonc-parser');
  return parse(text.replace('\uFEFF', ''))[client === 'vscode' ? 'servers' : 'mcpServers'].poe;
}
