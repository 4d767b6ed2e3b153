import {isDeepStrictEqual} from 'node:util';
import {PoeError} from '../../core/errors.js';
import {type Change, type ConfigFormat, InvalidConfig, serverName} from './change.js';
import type {McpClient, ServerEntry} from './clients.js';
import {readConfig} from './config-file.js';
import {jsonConfig} from './json-config.js';
import type {Insertion} from './record.js';
import {tomlConfig} from './toml-config.js';

/** A change of a configuration that has not been made yet. */
export interface Plan {
  path: string;
  kind: 'add' | 'replace' | 'remove' | 'none';
  /** The text of the file; undefined if there is none. */
  before: string | undefined;
  /** The new text; undefined to delete the file. */
  after: string | undefined;
  /** What to remember, to undo it exactly. */
  insertion?: Insertion | undefined;
}

const formats: Readonly<Record<McpClient['format'], ConfigFormat>> = {json: jsonConfig, toml: tomlConfig};

/**
 * How to add the server to a client.
 * @param recorded what poe has inserted before
 * @throws PoeError `file` if the configuration is broken
 */
export function planInstall(client: McpClient, path: string, entry: ServerEntry, recorded?: Insertion): Plan {
  const before = readConfig(path);
  return understood(path, () => {
    const format = formats[client.format];
    const value = client.value(entry);
    const found = format.find(before ?? '', client.key);
    if (isDeepStrictEqual(plain(found), plain(value)))
      return {path, kind: 'none', before, after: before, insertion: recorded};
    if (found === undefined) {
      return {
        path,
        kind: 'add',
        before,
        ...added(format.insert(before ?? '', client.key, value), before === undefined),
      };
    }
    const own = before === undefined ? undefined : withoutInsertion(format, client.key, before, recorded);
    if (own === undefined)
      return {path, kind: 'replace', before, after: format.replace(before ?? '', client.key, value)};
    return {path, kind: 'replace', before, ...added(format.insert(own, client.key, value), recorded?.isNew === true)};
  });
}

/** Without the prototypes that parsers give to objects. */
const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

const added = ({text, inserted}: Change, isNew: boolean): Pick<Plan, 'after' | 'insertion'> => ({
  after: text,
  insertion: inserted === undefined ? undefined : {inserted, isNew},
});

/** How to remove the server from a client. @throws PoeError `file` if the configuration is broken */
export function planUninstall(client: McpClient, path: string, recorded?: Insertion): Plan {
  const before = readConfig(path);
  return understood(path, () => {
    const format = formats[client.format];
    if (before === undefined || format.find(before, client.key) === undefined) {
      return {path, kind: 'none', before, after: before};
    }
    const own = withoutInsertion(format, client.key, before, recorded);
    const isOwnKey = recorded?.inserted.includes(client.key) === true;
    const after = own ?? format.remove(before, client.key, {isOwnKey});
    const isEmpty = isDeepStrictEqual(plain(format.parse(after)), {});
    return {path, kind: 'remove', before, after: recorded?.isNew === true && isEmpty ? undefined : after};
  });
}

/** The text without what poe has inserted; undefined if it has been changed since. */
function withoutInsertion(format: ConfigFormat, key: string, text: string, recorded?: Insertion): string | undefined {
  const position = recorded ? text.indexOf(recorded.inserted) : -1;
  if (!recorded || position < 0 || text.includes(recorded.inserted, position + 1)) return undefined;
  const rest = text.slice(0, position) + text.slice(position + recorded.inserted.length);
  try {
    const expected = withoutServer(format.parse(text), key);
    return isDeepStrictEqual(withoutServer(format.parse(rest), key), expected) && format.find(rest, key) === undefined
      ? rest
      : undefined;
  } catch (error) {
    if (error instanceof InvalidConfig) return undefined;
    throw error;
  }
}

/** Without the server, and without its object if nothing else is in it. */
function withoutServer(config: unknown, key: string): unknown {
  const {[key]: servers, ...rest} = config as Record<string, Record<string, unknown> | undefined>;
  const {[serverName]: _server, ...others} = servers ?? {};
  return Object.keys(others).length === 0 ? rest : {...rest, [key]: others};
}

/** @throws PoeError `file` with the place of the problem */
function understood<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InvalidConfig)) throw error;
    const place = error.line === undefined ? path : `${path}:${error.line}:${error.column ?? 1}`;
    throw new PoeError('file', `${place}: ${error.message}`, {
      hint: 'Nothing was changed. Correct the file first.',
      cause: error,
    });
  }
}
