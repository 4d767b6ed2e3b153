import {chmodSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {temporaryFolder} from '../support/harness.js';
import {withProgram} from '../support/program.js';

/* The commands that the README shows in its tour. */

test('every command of the README’s tour works in a sandbox, one after the other', async () => {
  const {env, sandbox, shell} = await withProgram();
  const bin = temporaryFolder();
  writeFileSync(join(bin, 'poe'), `#!/bin/sh\nexec '${process.execPath}' '${process.cwd()}/bin/poe.js' "$@"\n`);
  chmodSync(join(bin, 'poe'), 0o755);
  const folder = temporaryFolder();
  const diff = 'diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -0,0 +1 @@\n+one\n';
  writeFileSync(join(bin, 'git'), `#!/bin/sh\nprintf '${diff.replaceAll('\n', '\\n')}'\n`);
  chmodSync(join(bin, 'git'), 0o755);
  for (const name of ['README.md', 'LICENSE']) writeFileSync(join(folder, name), readFileSync(name));
  const more = {PATH: `${bin}:${env.PATH}`, POE_API_KEY: sandbox.apiKey, POE_VIA: 'web'};
  const output: Record<string, string> = {};
  for (const line of tour()) {
    const {code, out, err} = await shell(`cd '${folder}' && ${line.replace('delete-chat', 'delete-chat --yes')}`, more);
    expect({line, code, err}).toMatchObject({line, code: 0, err: expect.not.stringContaining('poe: ')});
    expect(out).not.toMatch(/failed|Error: /);
    output[line] = out;
  }
  expect(output['git diff HEAD~ | poe "review this"']).toContain('I see 1 changed file, with 1 lines added');
  expect(readFileSync(join(folder, 'count.sh'), 'utf8')).toBe('#!/bin/sh\ncat "$@" | wc -w\n');
});

/** The command lines of the tour, without those that start the sandbox. */
function tour(): string[] {
  const readme = readFileSync('README.md', 'utf8');
  const section = readme.slice(readme.indexOf('\n### Ask\n'), readme.indexOf('\n### Complete with Tab\n'));
  return [...section.matchAll(/^```sh\n([^]*?)^```/gm)].flatMap(([, block = '']) =>
    block
      .trim()
      .split('\n')
      .map((line) => line.replace(/ {3,}#.*/, '').replace(/ +#.*first code block$/, '')),
  );
}
