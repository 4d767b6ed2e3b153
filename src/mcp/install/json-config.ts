import {
  applyEdits,
  findNodeAtLocation,
  modify,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import {type Change, type ConfigFormat, InvalidConfig, lineEnd, serverName} from './change.js';

/* Configurations in JSON, with or without comments. Everything else in them stays as it is, byte for byte. */

export const jsonConfig: ConfigFormat = {
  find(text, key) {
    const node = serverNode(text, key);
    return node && toValue(node);
  },
  insert(text, key, value) {
    const {body, start} = split(text);
    if (isBlank(body))
      return insertAt(text, text.length, formatted({[key]: {[serverName]: value}}, '', text) + lineEnd(text));
    const root = rootOf(text);
    const servers = findNodeAtLocation(root, [key]);
    return servers
      ? insertFirst(text, servers, start, {[serverName]: value})
      : insertFirst(text, root, start, {[key]: {[serverName]: value}});
  },
  replace(text, key, value) {
    const {start} = split(text);
    const node = serverNode(text, key);
    if (!node) return text;
    const indent = indentAt(text, start + node.offset);
    return splice(text, start + node.offset, node.length, formatted(value, indent, text));
  },
  remove(text, key, {isOwnKey} = {isOwnKey: false}) {
    const {start, body} = split(text);
    const isAlone = serverNode(text, key)?.parent?.parent?.children?.length === 1;
    const path = isOwnKey && isAlone ? [key] : [key, serverName];
    return text.slice(0, start) + applyEdits(body, modify(body, path, undefined, {}));
  },
  parse: (text) => (isBlank(split(text).body) ? {} : toValue(rootOf(text))),
};

/** The text without a byte order mark, and where it starts. */
function split(text: string): {body: string; start: number} {
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  return {body: text.slice(start), start};
}

const isBlank = (text: string): boolean => text.trim() === '';

/** @throws InvalidConfig */
function rootOf(text: string): Node {
  const {body} = split(text);
  const errors: ParseError[] = [];
  const root = parseTree(body, errors, {allowTrailingComma: true});
  const [error] = errors;
  if (error)
    throw invalid(
      printParseErrorCode(error.error)
        .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
        .toLowerCase(),
      body,
      error.offset,
    );
  if (root?.type !== 'object') throw invalid('expected an object', body, root?.offset ?? 0);
  checkDuplicates(root, body);
  return root;
}

/** The value of the server. @throws InvalidConfig */
function serverNode(text: string, key: string): Node | undefined {
  const {body} = split(text);
  if (isBlank(body)) return undefined;
  const servers = findNodeAtLocation(rootOf(text), [key]);
  if (!servers) return undefined;
  if (servers.type !== 'object') throw invalid(`${JSON.stringify(key)} is not an object`, body, servers.offset);
  checkDuplicates(servers, body);
  return findNodeAtLocation(servers, [serverName]);
}

/** Programs disagree about which of two values with the same name counts. @throws InvalidConfig */
function checkDuplicates({children = []}: Node, body: string): void {
  const seen = new Set<unknown>();
  for (const {children: [name] = []} of children) {
    if (name && seen.has(name.value)) throw invalid(`${JSON.stringify(name.value)} is there twice`, body, name.offset);
    seen.add(name?.value);
  }
}

/** Inserts a property as the first one of an object, so that neither commas nor comments after the last one matter. */
function insertFirst(text: string, object: Node, start: number, property: Record<string, unknown>): Change {
  const open = start + object.offset + 1;
  // A comment behind the brace belongs to it.
  const position = open + (/^[ \t]*\/\/[^\r\n]*/.exec(text.slice(open))?.[0].length ?? 0);
  const end = lineEnd(text);
  const outer = indentAt(text, start + object.offset);
  const [first] = object.children ?? [];
  const firstIndent = first && indentAt(text, start + first.offset);
  const inner = firstIndent !== undefined && firstIndent.length > outer.length ? firstIndent : outer + unitOf(text);
  const lines = formatted(property, '', text).split(end).slice(1, -1);
  const unit = unitOf(text);
  const shown = lines.map((line) => inner + line.slice(unit.length)).join(end);
  const rest = text.slice(position);
  if (first) return insertAt(text, position, `${end}${shown},${/^[ \t]*\r?\n/.test(rest) ? '' : end + inner}`);
  return insertAt(text, position, `${end}${shown}${/^[ \t]*\r?\n/.test(rest) ? '' : end + outer}`);
}

const insertAt = (text: string, position: number, inserted: string): Change => ({
  text: splice(text, position, 0, inserted),
  inserted,
});

const splice = (text: string, position: number, length: number, inserted: string): string =>
  text.slice(0, position) + inserted + text.slice(position + length);

/** The blanks at the beginning of the line of a position. */
function indentAt(text: string, position: number): string {
  const line = text.slice(text.lastIndexOf('\n', position - 1) + 1, position);
  return /^\uFEFF?([ \t]*)/.exec(line)?.[1] ?? '';
}

/** One step of indentation. */
const unitOf = (text: string): string => /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';

const formatted = (value: unknown, indent: string, text: string): string =>
  JSON.stringify(value, null, unitOf(text))
    .split('\n')
    .join(lineEnd(text) + indent);

function toValue(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(toValue);
  if (node.type !== 'object') return node.value;
  return Object.fromEntries(
    (node.children ?? []).map(({children: [name, value] = []}) => [String(name?.value), value && toValue(value)]),
  );
}

function invalid(problem: string, body: string, offset: number): InvalidConfig {
  const lines = body.slice(0, offset).split('\n');
  return new InvalidConfig(problem, lines.length, (lines.at(-1)?.length ?? 0) + 1);
}
