import {type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit} from 'yaml';
import * as v from 'valibot';
import {closestNames} from '../../core/names/suggest.js';
import {unknownFields} from './schema-fields.js';

/** What is wrong with a file, and where. */
export interface FileProblem {
  /** Lines and columns start at 1; missing if the problem is about the whole file. */
  line?: number | undefined;
  column?: number | undefined;
  /** A sentence without its full stop: `temperature must be from 0 to 2`. */
  text: string;
}

/** More of each kind would hide the first ones. */
const maxProblems = 50;

type Path = readonly (string | number)[];

/** A YAML file that was read. */
export interface YamlFile<T> {
  value: T;
  /** A problem at the place of a field. */
  problemAt(path: Path, text: string): FileProblem;
}

/**
 * Reads a YAML file with a schema, and reports all problems, each with the line and column of the value or name it is about. A field
 * without a value is as if it were missing.
 * @param schema its messages continue a sentence that starts with the name of the field
 */
export function readYaml<const S extends v.GenericSchema>(
  source: string,
  schema: S,
): YamlFile<v.InferOutput<S>> | {problems: FileProblem[]} {
  const lines = new LineCounter();
  const document = parseDocument(source.replace(/^\uFEFF/, ''), {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
    // The library compares each name with all others.
    uniqueKeys: false,
  });
  const at = (offset: number, text: string): FileProblem => {
    const {line, col} = lines.linePos(offset);
    return {line, column: col, text};
  };
  const errors = [
    ...document.errors.map(({pos, message}) => ({offset: pos[0], message})),
    ...repeatedNames(document),
  ].toSorted((a, b) => a.offset - b.offset);
  if (errors.length > 0) {
    return {problems: errors.slice(0, maxProblems).map(({offset, message}) => at(offset, `YAML error: ${message}`))};
  }
  const problemAt = (path: Path, text: string) => at(offsetOf(document, path), text);
  try {
    const content = withoutNulls(document.toJS() ?? {});
    if (schema.type === 'strict_object' && (typeof content !== 'object' || Array.isArray(content)))
      return {problems: [at(0, 'The file must consist of names and values')]};
    const unknown = unknownFields(schema, content)
      .slice(0, maxProblems)
      .map(({path, known}) => {
        const [closest] = closestNames(String(path.at(-1)), known);
        const hint = closest === undefined ? '' : `; did you mean ${closest}?`;
        return problemAt(path, `${nameOf(path)} is not a known field${hint}`);
      });
    const parsed = v.safeParse(schema, content);
    if (parsed.success) return {value: parsed.output, problemAt};
    const wrong = parsed.issues.flatMap((issue) => (issue.expected === 'never' ? [] : [issue]));
    const problems = wrong.slice(0, maxProblems).map((issue) => toProblem(issue, problemAt));
    return {problems: [...unknown, ...problems].toSorted(byPlace)};
  } catch (error) {
    // Aliases that would grow without limit.
    if (!(error instanceof ReferenceError)) throw error;
    return {problems: [at(0, `YAML error: ${error.message}`)]};
  }
}

/** The names that are there twice in one map. */
function repeatedNames(document: Document.Parsed): {offset: number; message: string}[] {
  const repeated: {offset: number; message: string}[] = [];
  visit(document, {
    Map(_key, {items}) {
      const names = new Set<unknown>();
      for (const {key} of items) {
        if (!isScalar(key)) continue;
        if (names.has(key.value)) repeated.push({offset: startOf(key) ?? 0, message: 'Map keys must be unique'});
        names.add(key.value);
      }
    },
  });
  return repeated;
}

const byPlace = (a: FileProblem, b: FileProblem): number =>
  (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);

function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null));
}

function toProblem(issue: v.BaseIssue<unknown>, problemAt: (path: Path, text: string) => FileProblem): FileProblem {
  const path = (issue.path ?? []).flatMap(({key}): (string | number)[] =>
    typeof key === 'string' || typeof key === 'number' ? [key] : [],
  );
  if (path.length === 0) return problemAt(path, issue.message);
  if (issue.received === 'undefined') return problemAt(path.slice(0, -1), `${nameOf(path)} is missing`);
  return problemAt(path, `${nameOf(path)} ${issue.message}`);
}

/** The name of a field: `endpoint.pricing.prompt`, `cases[0].prompt`. */
const nameOf = (path: Path): string =>
  path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');

/** Where the value at a path starts; if it has none, where its name or the value around it starts. */
function offsetOf(document: Document.Parsed, path: Path): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({key}) => isScalar(key) && String(key.value) === String(part));
      if (!pair) return offset;
      const isLastUnknown = startOf(pair.value) === undefined;
      offset = startOf(isLastUnknown ? pair.key : pair.value) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

/** Nodes of a parsed document have a range; aliases and values that were added may not. */
const startOf = (node: unknown): number | undefined =>
  typeof node === 'object' && node !== null ? (node as Partial<Node>).range?.[0] : undefined;
