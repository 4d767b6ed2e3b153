import {existsSync, realpathSync} from 'node:fs';
import {isAbsolute, join, relative, sep} from 'node:path';
import {PoeError} from '../../core/errors.js';
import {isSystemError, reasonOf} from '../../store/files/errors.js';
import {readTextFile} from '../../store/files/read-file.js';
import {type FileProblem, readYaml, type YamlFile} from '../bot-folder/read-yaml.js';
import {type TestCase, TestsFile} from './tests-schema.js';

const testsFile = 'tests.yaml';

/** A case of tests.yaml, with what applies to all cases. */
export interface BotTest extends Omit<TestCase, 'name' | 'files' | 'max_points'> {
  name: string;
  /** Paths and URLs. */
  files: string[];
  maxPoints: number | undefined;
}

export interface BotTests {
  judgeBot: string | undefined;
  cases: BotTest[];
}

const maxNameLength = 60;

/**
 * Reads the tests of a bot from its folder.
 * @throws PoeError `file` with the fact `problems`: all that is wrong, each with its line and column
 */
export function readTests(folder: string): BotTests {
  const path = join(folder, testsFile);
  const read = readYaml(readSource(path), TestsFile);
  if ('problems' in read) throw invalid(path, read.problems);
  const {value, problemAt} = read;
  const {judge_bot: judgeBot, max_points: maxPoints} = value;
  const problems = value.cases.flatMap((each, index) => problemsOf(each, index, {folder, judgeBot, problemAt}));
  if (problems.length > 0) throw invalid(path, problems);
  return {judgeBot, cases: value.cases.map((each) => toTest(each, folder, maxPoints))};
}

function problemsOf(
  {files = [], ...test}: TestCase,
  index: number,
  {folder, judgeBot, problemAt}: Pick<YamlFile<unknown>, 'problemAt'> & {folder: string; judgeBot: string | undefined},
): FileProblem[] {
  const name = `cases[${index}]`;
  const at = (...path: (string | number)[]) => ['cases', index, ...path];
  const wrong = files.flatMap((file, position) => {
    const text = isUrl(file) ? undefined : problemWithFile(file, folder);
    return text === undefined ? [] : [problemAt(at('files', position), text)];
  });
  return [
    ...(hasCheck(test) ? [] : [problemAt(at(), `${name} checks nothing: add contains, matches, not, schema or judge`)]),
    ...(test.judge !== undefined && judgeBot === undefined
      ? [problemAt(at('judge'), `${name}.judge needs judge_bot at the top of the file`)]
      : []),
    ...wrong,
  ];
}

/** A folder from somebody else must not send other files, also not through links. */
function problemWithFile(file: string, folder: string): string | undefined {
  const path = pathOf(folder, file);
  if (!existsSync(path)) return `There is no file ${file}`;
  const inFolder = relative(realpathSync(folder), realpathSync(path));
  const isInside = inFolder !== '..' && !inFolder.startsWith(`..${sep}`) && !isAbsolute(inFolder);
  return isInside ? undefined : `${file} is not in the folder of the bot`;
}

const toTest = (
  {name, prompt, files = [], contains, matches, not, schema, judge, max_points}: TestCase,
  folder: string,
  maxPoints: number | undefined,
): BotTest => ({
  name: name ?? shortened(prompt),
  prompt,
  files: files.map((file) => (isUrl(file) ? file : pathOf(folder, file))),
  contains,
  matches,
  not,
  schema: typeof schema === 'string' ? pathOf(folder, schema) : schema,
  judge,
  maxPoints: max_points ?? maxPoints,
});

const hasCheck = ({contains, matches, not, schema, judge}: TestCase): boolean =>
  [contains, matches, not?.contains, not?.matches, schema, judge].some((check) => check !== undefined);

const isUrl = (file: string): boolean => /^https?:\/\//i.test(file);
const pathOf = (folder: string, file: string): string => (isAbsolute(file) ? file : join(folder, file));

function shortened(prompt: string): string {
  const line = [...prompt.trim().replaceAll(/\s+/g, ' ')];
  return line.length > maxNameLength ? `${line.slice(0, maxNameLength - 1).join('')}…` : line.join('');
}

function readSource(path: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) {
      throw new PoeError('file', `Cannot read ${path}: ${reasonOf(error)}`, {cause: error});
    }
    throw new PoeError('file', `There are no tests: ${path} is missing`, {
      hint: 'Its shortest form: cases: [{prompt: "2+2?", contains: "4"}]',
      cause: error,
    });
  }
}

function invalid(path: string, problems: readonly FileProblem[]): PoeError {
  const lines = problems.map(
    ({line, column, text}) => `${path}${line === undefined ? '' : `:${line}:${column ?? 1}`}: ${text}`,
  );
  if (lines.length === 1) return new PoeError('file', lines[0] ?? path);
  return new PoeError('file', `${path} has ${lines.length} problems`, {problems: lines});
}
