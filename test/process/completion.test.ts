import {execFile} from 'node:child_process';
import {chmodSync, mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {expect, test} from 'vitest';
import {Context} from '../../src/context/context.js';
import {program} from '../../src/cli/program.js';
import {runMain, temporaryFolder, withSandbox} from '../support/harness.js';

const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;

/** Bash with the completion loaded, after some bots and chats were seen. */
async function inBash() {
  const {sandbox, run, configDir} = await withSandbox();
  await run('explore', 'deepseek');
  await run('history', '-n', '3');
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'poe'), `#!/bin/sh\nexec "${process.execPath}" "${resolve('bin/poe.js')}" "$@"\n`);
  chmodSync(join(folder, 'poe'), 0o755);
  const env = {...sandbox.env, POE_CONFIG_DIR: configDir, PATH: `${folder}:${process.env.PATH}`};
  const complete = (line: string) =>
    new Promise<string[]>((answer, fail) => {
      execFile('bash', ['--norc', '-c', asBashDoes, 'bash', line], {env}, (error, out, err) => {
        if (error || err !== '') fail(new Error(err || error?.message));
        else answer(out.split('\n').filter((each) => each !== ''));
      });
    });
  return {sandbox, complete, run, configDir};
}

/** Cuts a line into words as Bash does before it calls the function, and prints what that replies. */
const asBashDoes = String.raw`
eval "$(poe completion bash)"
compopt() { :; }
COMP_LINE=$1 COMP_POINT=${'$'}{#1} COMP_TYPE=37 COMP_WORDS=()
rest=$1
while [[ -n $rest ]]; do
  rest=${'$'}{rest#"${'$'}{rest%%[![:space:]]*}"}
  if [[ $rest == [\'\"]* ]]; then word=$rest
  elif [[ $rest == [=:]* ]]; then word=${'$'}{rest:0:1}
  else word=${'$'}{rest%%[[:space:]=:]*}; fi
  COMP_WORDS+=("$word")
  rest=${'$'}{rest:${'$'}{#word}}
done
[[ $1 == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$((${'$'}{#COMP_WORDS[@]} - 1))
current=${'$'}{COMP_WORDS[COMP_CWORD]}
[[ $current == [=:] ]] && current=
_poe poe "$current"
printf '%s\n' "${'$'}{COMPREPLY[@]}"
`;

test('bash completes commands, options, choices and nested commands', async () => {
  const {complete} = await inBash();
  expect(await complete('poe his')).toEqual(['history']);
  expect(await complete('poe history s')).toEqual(['show', 'search']);
  expect(await complete('poe settings ')).toEqual(['default-bot', 'point-limit']);
  expect(await complete('poe send --max')).toEqual(['--max-points']);
  expect(await complete('poe context-optimization last ')).toEqual(['on', 'off']);
  expect(await complete('poe history export last --format ')).toEqual(['md', 'json', 'html']);
  expect(await complete('poe completion p')).toEqual(['powershell']);
  expect(await complete('poe send hello wor')).toEqual([]);
  expect(await complete('poe --fromk')).toEqual([]);
});

test('bash completes bots in any letter case, chats, and profiles, from what was seen', async () => {
  const {complete, sandbox, run} = await inBash();
  expect(await complete('poe send -b deepseek-r')).toEqual(['DeepSeek-R1', 'DeepSeek-R1-Distill', 'DeepSeek-R1-FW']);
  expect(await complete('poe bot-info DeepSeek-V')).toEqual(['DeepSeek-V3', 'DeepSeek-V3-FW']);
  expect(await complete('poe send --bot=DeepSeek-V')).toEqual(['DeepSeek-V3', 'DeepSeek-V3-FW']);
  const codes = sandbox.world.chats.slice(0, 3).map(({code}) => code);
  expect(await complete('poe history show ')).toEqual(['last', ...codes]);
  expect(await complete('poe share la')).toEqual(['last']);
  expect(await complete('poe delete-chat last ')).toEqual(['last', ...codes]);
  await run('login', '--profile', 'work');
  expect(await complete('poe whoami --profile ')).toEqual(['default', 'work']);
  expect(await complete('poe send -b "deepseek-v')).toEqual(['"DeepSeek-V3', '"DeepSeek-V3-FW']);
});

test('a value from outside is neither run nor shown raw', async () => {
  const {complete, configDir, sandbox} = await inBash();
  const chats = [
    {chatCode: 'a$(touch pwned)`x`', title: 'evil \u001b[31m title\n\tof two lines'},
    {chatCode: 'b\u001b[31m', title: null},
  ];
  const key = `default ${sandbox.url}`;
  writeFileSync(join(configDir, 'cache.json'), JSON.stringify({[key]: {bots: [], chats, categories: []}}));
  expect(await complete('poe share a')).toEqual([String.raw`a\$\(touch\ pwned\)\`x\``]);
  expect(await complete('poe share "a')).toEqual([String.raw`"a\$(touch pwned)\`x\``]);
  expect(await complete('poe share b')).toEqual([]);
});

test('the values are had without loading the rest, and through main() the same', async () => {
  const {configDir, sandbox, run} = await inBash();
  const env = {...sandbox.env, POE_CONFIG_DIR: configDir};
  const ask = (...more: string[]) =>
    new Promise<string>((answer) => {
      const child = execFile(
        process.execPath,
        ['bin/poe.js', 'completion', '--values', ...more],
        {env: {...env, NODE_DEBUG: ''}},
        (_error, out) => answer(out),
      );
      child.stdin?.end();
    });
  const bots = await ask('bots');
  expect(bots).toContain('DeepSeek-R1\n');
  expect((await run('completion', '--values', 'bots')).out).toBe(bots);
  expect(await ask('chats')).toMatch(/^last\tthe chat used last\n\S+\tIntroduction to sourdough bread\n/);
  expect(await ask('chats', '--profile', 'other')).toBe('');
  expect(await ask('nonsense')).toBe('');
  writeFileSync(join(configDir, 'cache.json'), '{"default');
  expect(await ask('bots')).toBe('');
});

test('what was seen is kept for its owner alone, by profile and address, and goes with logout', async () => {
  const {run, configDir, sandbox} = await inBash();
  const file = join(configDir, 'cache.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(configDir).mode & 0o777).toBe(0o700);
  const kept = () => JSON.parse(readFileSync(file, 'utf8'));
  expect(Object.keys(kept())).toEqual([`default ${sandbox.url}`]);
  await run('send', '-b', 'Sandbox-Count', 'count to 2', '--profile', 'other');
  expect(kept()[`other ${sandbox.url}`]).toMatchObject({
    bots: [{handle: 'Sandbox-Count'}],
    chats: [{title: 'Count to 2'}],
  });
  await run('title', 'last', 'Two', '--profile', 'other');
  expect(kept()[`other ${sandbox.url}`].chats[0].title).toBe('Two');
  await run('delete-chat', 'last', '--yes', '--profile', 'other');
  expect(kept()[`other ${sandbox.url}`].chats).toEqual([]);
  await run('logout', '--profile', 'other');
  expect(Object.keys(kept())).toEqual([`default ${sandbox.url}`]);
});

test('a cache that cannot be read or written does not stop anything', async () => {
  const {run, configDir} = await withSandbox();
  mkdirSync(join(configDir, 'cache.json'));
  expect((await run('history', '-n', '1')).code).toBe(0);
  expect((await run('completion', '--values', 'chats')).out).toBe('');
});

test('--sandbox keeps nothing', async () => {
  const configDir = temporaryFolder();
  await runMain(['--sandbox', 'history', '-n', '1'], {env: {POE_CONFIG_DIR: configDir}});
  expect(() => statSync(join(configDir, 'cache.json'))).toThrow('ENOENT');
});

test('each script knows every command and option that help shows, and both names of the program', async () => {
  const io = {stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, env: {}};
  const root = program(new Context(io, new AbortController().signal));
  const commands = [...root.commands, ...root.commands.flatMap(({commands}) => commands)];
  for (const shell of shells) {
    const {code, out, err} = await runMain(['completion', shell], {});
    expect({shell, code, err}).toEqual({shell, code: 0, err: ''});
    expect(out).toContain('poe-cli');
    for (const command of commands) {
      expect(out).toContain(command.name());
      for (const {long, hidden} of command.options) {
        const shown = shell === 'fish' ? `-l ${long?.slice(2)}` : String(long);
        if (!hidden) expect({shell, long, has: out.includes(shown)}).toEqual({shell, long, has: true});
      }
    }
    expect(out).not.toMatch(/--values <|--fromkey|--bot-handle|undefined|\[object/);
  }
});

test('without a shell, or with one it does not know, completion says which there are', async () => {
  for (const argv of [['completion'], ['completion', 'tcsh']]) {
    const {code, err} = await runMain(argv, {});
    expect(code).toBe(2);
    for (const shell of shells) expect(err.toLowerCase()).toContain(shell);
  }
});
