import {createReadStream} from 'node:fs';
import {addAbortSignal, Readable} from 'node:stream';
import {PoeError} from '../../core/errors.js';
import type {BatchPrompt} from '../../core/many/batch.js';
import {isSystemError, reasonOf} from '../../store/files/errors.js';
import {readLines} from '../../store/files/lines.js';
import {detectFormat, formatOf, type PromptFormat} from './detect-format.js';
import {readCsv} from './read-csv.js';

export interface PromptOptions {
  /** A text with `{{column}}`. Default: the column `prompt`, `text` or `message`, or the whole row if it is a text. */
  template?: string | undefined;
  /** The column with the ID. Default: `id`, or else the number of the row. */
  idColumn?: string | undefined;
  /** Default: by the ending of the file's name, or else by its first line. */
  format?: PromptFormat | undefined;
  /** Ends the prompts early, also while stdin is waited for. */
  signal?: AbortSignal | undefined;
}

type Row = Readonly<Record<string, unknown>>;

/**
 * Reads the prompts of a batch, one at a time: a JSON object or text on each line, or CSV with a header row.
 * @param source its path, or stdin
 * @throws PoeError `file`, `usage`
 */
export async function* readPrompts(
  source: string | NodeJS.ReadableStream,
  options: PromptOptions,
): AsyncGenerator<BatchPrompt, void, undefined> {
  const ids = new Set<string>();
  let number = 0;
  for await (const row of rowsOf(source, options)) {
    number++;
    const prompt = {id: idOf(row, number, options), text: textOf(row, number, options)};
    if (ids.has(prompt.id)) {
      throw wrongRow(number, `has the ID ${JSON.stringify(prompt.id)} of another row`, 'Choose a column with --id.');
    }
    ids.add(prompt.id);
    yield prompt;
  }
}

async function* rowsOf(
  source: string | NodeJS.ReadableStream,
  {format: wanted, signal}: PromptOptions,
): AsyncGenerator<Row | string, void, undefined> {
  const name = typeof source === 'string' ? source : 'stdin';
  const stream = typeof source === 'string' ? createReadStream(source) : source;
  if (signal && stream instanceof Readable) addAbortSignal(signal, stream);
  try {
    const known = wanted ?? formatOf(name);
    const {format, chunks} = known ? {format: known, chunks: stream} : await detectFormat(stream);
    yield* format === 'csv' ? readCsv(chunks) : readJsonLines(chunks);
  } catch (error) {
    if (signal?.aborted) return;
    if (isSystemError(error, 'ENOENT'))
      throw new PoeError('file', `File not found: ${name}`, {
        hint: 'Name a JSONL or CSV file, or - for stdin.',
        cause: error,
      });
    if (isSystemError(error, 'ERR_ENCODING_INVALID_ENCODED_DATA')) {
      throw new PoeError('usage', `${name} is not UTF-8`, {hint: 'Save it as UTF-8 in your editor.', cause: error});
    }
    if (!(error instanceof PoeError) && error instanceof Error && 'code' in error) {
      throw new PoeError('file', `Could not read ${name}: ${reasonOf(error)}`, {cause: error});
    }
    throw error;
  }
}

async function* readJsonLines(input: AsyncIterable<string | Buffer>): AsyncGenerator<Row | string, void, undefined> {
  let number = 0;
  for await (const lines of readLines(input, {isStrict: true})) {
    for (const line of lines) {
      number++;
      if (line.trim() === '') continue;
      const row = parseLine(line, number);
      if (typeof row === 'string' || isRow(row)) yield row;
      else throw wrongRow(number, 'is neither a JSON object nor a text', 'Write one JSON object on each line.');
    }
  }
}

function parseLine(line: string, number: number): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return value;
  } catch (error) {
    throw wrongRow(number, 'is not JSON', 'Write one JSON object on each line, or add --format csv.', error);
  }
}

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

function idOf(row: Row | string, number: number, {idColumn}: PromptOptions): string {
  const id = typeof row === 'string' ? undefined : row[idColumn ?? 'id'];
  if (id !== undefined && id !== null && id !== '') return textOfValue(id);
  if (idColumn !== undefined)
    throw wrongRow(number, `has no ${idColumn}`, columnsOf(typeof row === 'string' ? {} : row));
  return String(number);
}

const defaultColumns = ['prompt', 'text', 'message'];

function textOf(row: Row | string, number: number, {template}: PromptOptions): string {
  const values: Row = typeof row === 'string' ? {prompt: row, text: row} : row;
  const text =
    template === undefined
      ? values[defaultColumns.find((column) => values[column] !== undefined) ?? '']
      : template.replaceAll(/\{\{\s*([^{}]+?)\s*\}\}/g, (_match, column: string) => {
          const value = values[column];
          if (value === undefined)
            throw wrongRow(number, `has no ${column}, which the template names`, columnsOf(values));
          return textOfValue(value);
        });
  const prompt = text === undefined ? '' : textOfValue(text);
  if (prompt.trim() !== '') return prompt;
  const hint = `Name a column prompt, or use --template "{{column}}".`;
  throw wrongRow(number, 'has no prompt', typeof row === 'string' ? hint : `${columnsOf(row)} ${hint}`);
}

/** "Its columns are: id, question." */
function columnsOf(row: Row): string {
  const names = Object.keys(row).slice(0, 20);
  return names.length === 0 ? 'It has no columns.' : `Its columns are: ${names.join(', ').slice(0, 200)}.`;
}

const textOfValue = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const wrongRow = (number: number, problem: string, hint?: string, cause?: unknown): PoeError =>
  new PoeError('usage', `Row ${number} ${problem}`, {...(hint !== undefined && {hint}), cause});
