import {
  chmodSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {loadProgram} from '../../src/startup/load-program.js';
import {temporaryFolder} from '../support/harness.js';

/*
 * The compiled code that poe stores. To see which code runs, a test replaces a script by another one of the same length: V8
 * itself would accept the compiled code of the first one for it.
 */

const cat = "exports.main = () => 'cat';";
const dog = "exports.main = () => 'dog';";

/** A program of one script. */
function withProgram(source: string) {
  const folder = temporaryFolder();
  const codeFolder = join(folder, 'cache', 'code');
  const entry = join(folder, 'main.js');
  const treePath = join(folder, 'commands.json');
  const commands = ['send', 'chat'].map((name) => ({name}));
  writeFileSync(treePath, JSON.stringify({root: {commands}}));
  const write = (source: string) => writeFileSync(entry, source);
  write(source);
  const files = () => {
    try {
      return readdirSync(codeFolder).toSorted();
    } catch {
      return [];
    }
  };
  const stored = () => join(codeFolder, files()[0] ?? 'none');
  const version = () => files().map((name) => statSync(join(codeFolder, name)).ino);
  return {
    folder,
    codeFolder,
    write,
    /** The names of the files with compiled code. */
    files,
    /** The path of the first one. */
    stored,
    /** Runs the program. @returns what it says, and whether it wrote compiled code */
    run({args = ['send'], animal = '', fails = false} = {}) {
      const before = version();
      const options = {env: {POE_CONFIG_DIR: folder}, require: createRequire(import.meta.url)};
      const {exports, storeCode} = loadProgram({entry, treePath}, args, options);
      const said = (exports as {main: (animal: string) => string}).main(animal);
      if (!fails) storeCode();
      return {said, isNew: version().join() !== before.join()};
    },
  };
}

test('compiled code is stored in a private file after the first successful run, and used by later runs', () => {
  const {run, files, stored} = withProgram(cat);
  expect(run()).toEqual({said: 'cat', isNew: true});
  expect(files()).toEqual([expect.stringMatching(/^send-[\da-f]{16}\.code$/)]);
  expect((statSync(stored()).mode & 0o777).toString(8)).toBe('600');
  expect(run()).toEqual({said: 'cat', isNew: false});
});

test('a run that fails stores no code', () => {
  const {run, files} = withProgram(cat);
  expect(run({fails: true})).toEqual({said: 'cat', isNew: false});
  expect(files()).toEqual([]);
});

test('each command has a file of its own', () => {
  const {run, files} = withProgram(cat);
  for (const args of [['send', 'hi'], ['hi'], ['chat'], []]) run({args});
  expect(files()).toEqual([expect.stringMatching(/^chat-/), expect.stringMatching(/^send-/)]);
});

test('modules that a later run loads are added', () => {
  const {run, folder} = withProgram(`exports.main = (animal) => require('./' + animal).name;`);
  writeFileSync(join(folder, 'cat.js'), `exports.name = 'cat';`);
  writeFileSync(join(folder, 'dog.js'), `exports.name = require('./cat.js').name + ' and dog';`);
  expect(run({animal: 'cat.js'})).toEqual({said: 'cat', isNew: true});
  expect(run({animal: 'dog.js'})).toEqual({said: 'cat and dog', isNew: true});
  expect(run({animal: 'cat.js'})).toEqual({said: 'cat', isNew: false});
  expect(run({animal: 'dog.js'})).toEqual({said: 'cat and dog', isNew: false});
});

test('a changed script of the same length runs, and replaces the compiled code', () => {
  const {run, write} = withProgram(cat);
  run();
  write(dog);
  expect(run()).toEqual({said: 'dog', isNew: true});
  expect(run()).toEqual({said: 'dog', isNew: false});
});

test('a damaged file is replaced', () => {
  const {run, stored} = withProgram(cat);
  run();
  const file = readFileSync(stored());
  file[file.length - 100] = (file[file.length - 100] ?? 0) ^ 1;
  writeFileSync(stored(), file);
  expect(run()).toEqual({said: 'cat', isNew: true});
  writeFileSync(stored(), '');
  expect(run()).toEqual({said: 'cat', isNew: true});
  expect(run()).toEqual({said: 'cat', isNew: false});
});

test('damage is found wherever it is', () => {
  const {run, stored} = withProgram(cat);
  run();
  const intact = readFileSync(stored());
  for (let at = 0; at < intact.length; at += 13) {
    const damaged = Buffer.from(intact);
    damaged[at] = (damaged[at] ?? 0) ^ 4;
    writeFileSync(stored(), damaged);
    expect({at, ...run()}).toEqual({at, said: 'cat', isNew: true});
  }
  writeFileSync(stored(), intact.subarray(0, -1));
  expect(run()).toEqual({said: 'cat', isNew: true});
});

test('the code of scripts that were deleted is removed', () => {
  const {run, stored, folder} = withProgram(`exports.main = (animal) => require('./' + animal).name;`);
  for (const animal of ['cat.js', 'dog.js', 'pig.js']) {
    if (animal === 'pig.js') rmSync(join(folder, 'cat.js'));
    writeFileSync(join(folder, animal), `exports.name = ${JSON.stringify(animal)};`);
    run({animal});
  }
  const code = readFileSync(stored(), 'latin1');
  expect(['cat.js', 'dog.js', 'pig.js'].filter((name) => code.includes(name))).toEqual(['dog.js', 'pig.js']);
});

test('code that another user can write is never used', () => {
  const {run, stored, codeFolder, write} = withProgram(cat);
  run();
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
  chmodSync(stored(), 0o620);
  expect(run()).toEqual({said: 'cat', isNew: true});
  expect(mode(stored())).toBe('600');
  // A folder that has other files, too, stays as it is.
  writeFileSync(join(codeFolder, 'other'), '');
  chmodSync(codeFolder, 0o770);
  write(dog);
  expect(run()).toEqual({said: 'dog', isNew: false});
});

test('a link in place of the file is replaced', () => {
  const {run, stored, folder} = withProgram(cat);
  run();
  const path = stored();
  renameSync(path, join(folder, 'elsewhere'));
  symlinkSync(join(folder, 'elsewhere'), path);
  expect(run()).toEqual({said: 'cat', isNew: true});
  expect(statSync(join(folder, 'elsewhere')).isFile()).toBe(true);
});

test('the program runs without compiled code if it cannot be stored', () => {
  const {run, folder, files} = withProgram(cat);
  writeFileSync(join(folder, 'cache'), 'not a folder');
  expect(run()).toEqual({said: 'cat', isNew: false});
  expect(files()).toEqual([]);
});

test('code that was written more than 30 days ago is deleted when new code is stored', () => {
  const {run, codeFolder, files, write} = withProgram(cat);
  run();
  const days = (count: number) => (Date.now() - count * 24 * 60 * 60 * 1000) / 1000;
  for (const [name, age] of [
    ['old.code', 31],
    ['new.code', 29],
    ['old.txt', 31],
  ] as const) {
    writeFileSync(join(codeFolder, name), '');
    utimesSync(join(codeFolder, name), days(age), days(age));
  }
  write(dog);
  run();
  expect(files()).toEqual(['new.code', 'old.txt', expect.stringMatching(/^send-/)]);
});

test('errors have the lines and columns of the script', () => {
  const {run} = withProgram(`exports.main = () => { throw new Error('no animal'); };`);
  const trace = (() => {
    try {
      return run().said;
    } catch (error) {
      return error instanceof Error ? error.stack : '';
    }
  })();
  expect(trace).toContain('main.js:1:30');
});
