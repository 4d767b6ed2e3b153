import {readFileSync} from 'node:fs';
import {basename, join, resolve} from 'node:path';
import {redact} from '../core/redact.js';
import {sanitizeLine} from '../output/terminal/sanitize.js';
import {defaultConfigFolder} from '../store/folder.js';

/*
 * What may be told of an error that poe did not foresee. Nobody wrote its words for users: they may quote whatever was at hand,
 * and its stack quotes lines of code. That a fault happens once more while one is told of is not to be.
 */

/** Where secrets may stand: on the command line, in the environment, and by that in the store. */
export interface Given {
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
}

export interface CrashDescription {
  /** One line. */
  message: string;
  /** A line for each place in the code that it came through, and for each error that lay under it. */
  trace: string[];
}

/** Who is to hear of it. */
export const crashHint = 'This is a fault of poe: please report it.';

const mostCauses = 8;

export function describeCrash(error: unknown, given: Given): CrashDescription {
  const secrets = secretsOf(given);
  const said = (text: string) => maskedLine(text, given, secrets);
  const message = said(`Something went wrong inside poe: ${messageOf(error)}`);
  const [, ...trace] = [...causesOf(error)].flatMap((cause) =>
    [`because of ${messageOf(cause)}`].concat(framesOf(cause)),
  );
  return {message, trace: trace.map(said)};
}

/** A text of unknown origin, without secrets, on one line of limited length. */
export function maskedLine(text: string, given: Given, secrets = secretsOf(given)): string {
  return sanitizeLine(masked(redact(text), secrets)).slice(0, 500);
}

function* causesOf(error: unknown): Generator<unknown, void, undefined> {
  const seen = new Set<unknown>();
  for (let at = error; at !== undefined && !seen.has(at) && seen.size < mostCauses;) {
    yield at;
    seen.add(at);
    at = at instanceof AggregateError ? at.errors[0] : at instanceof Error ? at.cause : undefined;
  }
}

function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message || error.name : String(error);
  } catch {
    return 'something that is no error';
  }
}

/** The places of a stack: functions, files without their folders, lines and columns. */
function framesOf(error: unknown): string[] {
  const stack = error instanceof Error && typeof error.stack === 'string' ? error.stack : '';
  return [...stack.matchAll(/^ {4}at (?:(.*) \()?(.*?)((?::\d+){0,2})\)?$/gm)].map(
    ([, name = '', place = '', line = '']) => `at ${name === '' ? '' : `${name}, `}${placeOf(place)}${line}`,
  );
}

/** An address may hold the code itself. */
function placeOf(place: string): string {
  if (/^node:|^native$|^<anonymous>$/.test(place)) return place;
  return /^(?:file:)?\//.test(place) || /^[a-z]:\\/i.test(place) ? basename(place.replaceAll('\\', '/')) : 'elsewhere';
}

const unsaid = '…';
/** What looks like a token, a key or a hash: long, without a gap, and with a digit. */
const opaque = /(?=[\w%+=~-]{0,200}\d)[\w%+=~-]{20,}/g;

/** Without the secrets, in whichever form they are quoted, and without what looks like one. */
function masked(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, unsaid), text).replaceAll(opaque, unsaid);
}

const shortest = 4;

function secretsOf({argv, env}: Given): string[] {
  const known = [...flagged(argv), ...inEnvironment(env), ...kept(env.POE_CONFIG_DIR || defaultConfigFolder())];
  const forms = known.flatMap((secret) => [secret, secret.trim(), decoded(secret), encodeURIComponent(secret)]);
  return [...new Set(forms)].filter(({length}) => length >= shortest).toSorted((a, b) => b.length - a.length);
}

const flags = /^--(?:p-b|p-lat|formkey|fromkey|api-key|cf-clearance|cf-bm)(?:=(.*))?$/s;

const flagged = (argv: readonly string[]): string[] =>
  argv.flatMap((word, index) => {
    const [flag, value] = flags.exec(word) ?? [];
    return flag === undefined ? [] : [value ?? argv[index + 1] ?? ''];
  });

const variables = /^POE_(?:P_B|P_LAT|FORMKEY|FROMKEY|API_KEY|CF_CLEARANCE|CF_BM)$/;

const inEnvironment = (env: Given['env']): string[] =>
  Object.entries(env).flatMap(([name, value]) => (variables.test(name) && value !== undefined ? [value] : []));

const fields = new Set(['pB', 'pLat', 'formKey', 'cfClearance', 'cfBm', 'apiKey', 'key']);

/** What the store has; nothing where it cannot be read. */
function kept(folder: string): string[] {
  const found: string[] = [];
  try {
    JSON.parse(readFileSync(join(resolve(folder), 'config.json'), 'utf8'), (name, value: unknown) => {
      if (fields.has(name) && typeof value === 'string') found.push(value);
      return value;
    });
  } catch {
    // Then it has none that could be quoted.
  }
  return found;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
