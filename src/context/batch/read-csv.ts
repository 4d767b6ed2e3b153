import {PoeError} from '../../core/errors.js';

/** Reads CSV (RFC 4180) with a header row, one row at a time. */
export async function* readCsv(
  stream: AsyncIterable<string | Buffer>,
): AsyncGenerator<Record<string, string>, void, undefined> {
  let header: string[] | undefined;
  let number = 0;
  for await (const cells of rows(stream)) {
    if (!header) header = cells.map((name) => name.trim());
    else if (cells.length > 1 || cells[0] !== '') {
      number++;
      const extra = cells.slice(header.length).find((cell) => cell !== '');
      if (extra !== undefined) throw tooManyCells(number, cells.length, header.length);
      yield Object.fromEntries(header.map((name, index) => [name, cells[index] ?? '']));
    }
  }
}

/** Usually a text with a comma that is not quoted: a part of it would be lost. */
const tooManyCells = (number: number, cells: number, columns: number): PoeError =>
  new PoeError('usage', `Row ${number} has ${cells} cells, but the header has ${columns}`, {
    hint: 'Write a text with a comma in double quotes.',
  });

async function* rows(stream: AsyncIterable<string | Buffer>): AsyncGenerator<string[], void, undefined> {
  const decoder = new TextDecoder('utf-8', {fatal: true});
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  /** A quote in a quoted cell: it ends the cell, or is the first of two that stand for one. */
  let isAfterQuote = false;
  for await (const chunk of stream) {
    for (const character of typeof chunk === 'string' ? chunk : decoder.decode(chunk, {stream: true})) {
      if (isQuoted && !isAfterQuote) {
        if (character === '"') isAfterQuote = true;
        else cell += character;
      } else if (character === '"' && (isAfterQuote || cell === '')) {
        if (isAfterQuote) cell += '"';
        isQuoted = true;
        isAfterQuote = false;
      } else {
        isQuoted = false;
        isAfterQuote = false;
        if (character === ',' || character === '\n') {
          row.push(character === '\n' ? cell.replace(/\r$/, '') : cell);
          cell = '';
        } else cell += character;
        if (character === '\n') {
          yield row;
          row = [];
        }
      }
    }
  }
  if (isQuoted && !isAfterQuote) throw new PoeError('usage', 'The CSV ends inside a quoted cell');
  if (cell !== '' || row.length > 0) yield [...row, cell];
}
