import {basename, join, resolve} from 'node:path';
import {openFilesLimit} from '../core/open-files.js';
import {redact, registerSecret} from '../core/log/redact.js';
import {sanitizeLine} from '../output/terminal/sanitize.js';
import {defaultConfigFolder} from '../store/files/folder.js';
import {readTextFile} from '../store/files/read-file.js';

/*
 * Reports unexpected errors. They may quote secrets, so messages and stacks are masked. The build makes dist/crash.cjs
 * from this file for bin/poe.js, which must be able to report errors before the program is loaded, so it imports
 * little.
 */

/** Where secrets may come from: the command line, the environment, and the profiles in the folder that the environment names. */
export interface SecretSources {
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
}

export interface CrashDescription {
  /** One line. */
  message: string;
  /** One line per stack frame and per cause. */
  trace: string[];
}

export const crashHint = 'This is a bug in poe. Please report it.';

/** Describes an unexpected error without secrets. Never throws. */
export function describeCrash(error: unknown, sources: SecretSources): CrashDescription {
  const secrets = secretsOf(sources);
  const [, ...trace] = [...causesOf(error)].flatMap((cause) =>
    [`caused by: ${messageOf(cause)}`].concat(stackFramesOf(cause)),
  );
  return {
    message: maskedLine(`Internal error: ${messageOf(error)}`, secrets),
    trace: trace.map((line) => maskedLine(line, secrets)),
  };
}

/** The text for stderr when poe ends because of an error. */
export function crashMessage(error: unknown, sources: SecretSources): string {
  const limit = openFilesLimit(error);
  const crash = describeCrash(error, sources);
  const message = limit ? `Could not open a file: ${limit.reason}` : crash.message;
  const hint = limit?.hint ?? crashHint;
  if (hasOption(sources, '--json')) {
    const failure = {code: limit ? 'file' : 'not_understood', message, hint, retryable: false};
    return `${JSON.stringify({error: failure})}\n`;
  }
  const lines = hasOption(sources, '-v', '--verbose') ? crash.trace.map((line) => `     ${line}\n`) : [];
  return `poe: ${message}\n     ${hint}\n${lines.join('')}`;
}

/** The text for stderr when Node warns. Warnings for developers are shown only with `--verbose`. */
export function warningMessage({name, message}: Error, sources: SecretSources): string {
  const isForDevelopers = name === 'DeprecationWarning' || name === 'ExperimentalWarning';
  const isQuiet = isForDevelopers || hasOption(sources, '--json', '-q', '--quiet');
  const isShown = !isQuiet || hasOption(sources, '-v', '--verbose');
  return isShown ? `${maskedLine(`Warning from Node.js: ${message}`, secretsOf(sources))}\n` : '';
}

const hasOption = ({argv}: SecretSources, ...options: string[]): boolean => argv.some((word) => options.includes(word));

const maxCauses = 8;

function* causesOf(error: unknown): Generator<unknown, void, undefined> {
  const seen = new Set<unknown>();
  for (let cause = error; cause !== undefined && !seen.has(cause) && seen.size < maxCauses;) {
    yield cause;
    seen.add(cause);
    cause = cause instanceof AggregateError ? cause.errors[0] : cause instanceof Error ? cause.cause : undefined;
  }
}

function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message || error.name : String(error);
  } catch {
    return 'a thrown value without a description';
  }
}

/** Function, file name without folders, line and column of each frame. */
function stackFramesOf(error: unknown): string[] {
  const stack = error instanceof Error && typeof error.stack === 'string' ? error.stack : '';
  return [...stack.matchAll(/^ {4}at (?:(.*) \()?(.*?)((?::\d+){0,2})\)?$/gm)].map(
    ([, name = '', place = '', line = '']) => `at ${name === '' ? '' : `${name}, `}${fileNameOf(place)}${line}`,
  );
}

/** The place may be a `data:` URL, which contains the source. */
function fileNameOf(place: string): string {
  if (/^node:|^native$|^<anonymous>$/.test(place)) return place;
  return /^(?:file:)?\//.test(place) || /^[a-z]:\\/i.test(place) ? basename(place.replaceAll('\\', '/')) : 'elsewhere';
}

const maxLineLength = 500;
/** Looks like a token, a key or a hash: long, without spaces, and with a digit. */
const opaque = /(?=[\w%+=~-]{0,200}\d)[\w%+=~-]{20,}/g;

/** One line of limited length, without secrets or anything that looks like one. */
function maskedLine(text: string, secrets: readonly string[]): string {
  const masked = secrets.reduce((rest, secret) => rest.replaceAll(secret, '…'), redact(text)).replaceAll(opaque, '…');
  return sanitizeLine(masked).slice(0, maxLineLength);
}

/** Shorter texts may be any word. */
const minSecretLength = 4;

/** All secrets in every form in which an error may quote them, the longest first. */
function secretsOf({argv, env}: SecretSources): string[] {
  const secrets = [
    ...optionSecrets(argv),
    ...environmentSecrets(env),
    ...savedSecrets(env.POE_CONFIG_DIR || defaultConfigFolder()),
  ];
  registerSecret(...secrets);
  const forms = secrets.flatMap((secret) => [secret, secret.trim(), decoded(secret), encodeURIComponent(secret)]);
  return [...new Set(forms)].filter(({length}) => length >= minSecretLength).toSorted((a, b) => b.length - a.length);
}

const secretOption = /^--(?:p-b|p-lat|formkey|fromkey|api-key|cf-clearance|cf-bm)(?:=(.*))?$/s;

const optionSecrets = (argv: readonly string[]): string[] =>
  argv.flatMap((word, index) => {
    const [option, value] = secretOption.exec(word) ?? [];
    return option === undefined ? [] : [value ?? argv[index + 1] ?? ''];
  });

const secretVariable = /^POE_(?:P_B|P_LAT|FORMKEY|FROMKEY|API_KEY|CF_CLEARANCE|CF_BM)$/;

const environmentSecrets = (env: SecretSources['env']): string[] =>
  Object.entries(env).flatMap(([name, value]) => (secretVariable.test(name) && value !== undefined ? [value] : []));

const secretFields = new Set(['pB', 'pLat', 'formKey', 'cfClearance', 'cfBm', 'apiKey', 'key']);

/** The secrets of all profiles; none if the file cannot be read. */
function savedSecrets(folder: string): string[] {
  const secrets: string[] = [];
  try {
    JSON.parse(readTextFile(join(resolve(folder), 'config.json')), (name, value: unknown) => {
      if (secretFields.has(name) && typeof value === 'string') secrets.push(value);
      return value;
    });
  } catch {
    // No error can quote a file that poe could not read.
  }
  return secrets;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
