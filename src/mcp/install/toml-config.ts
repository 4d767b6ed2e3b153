import {parse, TomlError} from 'smol-toml';
import {isDeepStrictEqual} from 'node:util';
import {type ConfigFormat, InvalidConfig, lineEnd, serverName} from './change.js';

/* Configurations in TOML. A table is added at the end; everything else stays as it is, byte for byte. */

type Table = Record<string, unknown>;

export const tomlConfig: ConfigFormat = {
  find: (text, key) => serversIn(parsed(text), key)?.[serverName],
  insert(text, key, value) {
    const inserted = tableAfter(text, key, value);
    return {text: checked(text + inserted, withServer(parsed(text), key, value)), inserted};
  },
  replace(text, key, value) {
    const rest = tomlConfig.remove(text, key);
    return rest + tableAfter(rest, key, value);
  },
  remove(text, key) {
    const expected = withServer(parsed(text), key, undefined);
    return checked(withoutTable(text, `${key}.${serverName}`), expected);
  },
  parse: parsed,
};

/** @throws InvalidConfig */
function parsed(text: string): Table {
  try {
    return parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [problem = ''] = error.message.split('\n');
    throw new InvalidConfig(problem.replace(/^Invalid TOML document: /, ''), error.line, error.column);
  }
}

function serversIn(table: Table, key: string): Table | undefined {
  const servers = table[key];
  if (servers === undefined) return undefined;
  if (isTable(servers)) return servers;
  throw new InvalidConfig(`${key} is not a table`);
}

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

function withServer(table: Table, key: string, value: unknown): Table {
  const {[serverName]: _before, ...others} = serversIn(table, key) ?? {};
  const servers = value === undefined ? others : {...others, [serverName]: value};
  const {[key]: _servers, ...rest} = table;
  return Object.keys(servers).length === 0 ? rest : {...rest, [key]: servers};
}

function tableAfter(text: string, key: string, value: Table): string {
  const end = lineEnd(text);
  const lines = Object.entries(value).map(([name, each]) => `${name} = ${literal(each)}`);
  const gap = text === '' ? '' : text.endsWith('\n') ? end : end + end;
  return `${gap}${[`[${key}.${serverName}]`, ...lines].join(end)}${end}`;
}

/** Strings of JSON are strings of TOML. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (!isTable(value)) return JSON.stringify(value).replaceAll('\u007F', String.raw`\u007F`);
  return `{ ${Object.entries(value)
    .map(([name, each]) => `${JSON.stringify(name)} = ${literal(each)}`)
    .join(', ')} }`;
}

/** Removes a table and those below it. Comments in front of the next table stay. */
function withoutTable(text: string, name: string): string {
  const kept: string[] = [];
  let removed: string[] | undefined;
  for (const line of text.split(/(?<=\n)/)) {
    const header = /^\s*\[+\s*([^\]]+?)\s*\]/.exec(line)?.[1]?.replaceAll(/["'\s]/g, '');
    if (header !== undefined) {
      kept.push(...remarksAtEnd(removed, kept));
      removed = header === name || header.startsWith(`${name}.`) ? [] : undefined;
    }
    (removed ?? kept).push(line);
  }
  const rest = remarksAtEnd(removed, kept);
  if (removed && rest.length === 0) while (isBlank(kept.at(-1))) kept.pop();
  return [...kept, ...rest].join('');
}

/** The comments and blank lines at the end of a removed table; a blank line only if there is none before it. */
function remarksAtEnd(removed: readonly string[] = [], kept: readonly string[] = []): string[] {
  const start = removed.findLastIndex((line) => !/^(?:#.*)?$/.test(line.trim())) + 1;
  const remarks = removed.slice(start);
  while (isBlank(remarks[0]) && (kept.length === 0 || isBlank(kept.at(-1)))) remarks.shift();
  return remarks;
}

const isBlank = (line: string | undefined): boolean => line?.trim() === '';

/** @throws InvalidConfig if the text does not mean what it should: tables can be written in many ways */
function checked(text: string, expected: Table): string {
  let actual: Table | undefined;
  try {
    actual = parsed(text);
  } catch (error) {
    if (!(error instanceof InvalidConfig)) throw error;
  }
  if (actual && isDeepStrictEqual(normal(actual), normal(expected))) return text;
  throw new InvalidConfig('its servers are written in a way that poe cannot change');
}

/** Without empty tables, and with plain objects. */
const normal = (table: Table): Table =>
  Object.fromEntries(
    Object.entries(table).flatMap(([name, value]) => {
      if (!isTable(value)) return [[name, value] as const];
      const inner = normal(value);
      return Object.keys(inner).length === 0 ? [] : [[name, inner] as const];
    }),
  );
