import {PassThrough, Writable} from 'node:stream';
import {main} from '../../src/cli/main.js';
import type {OutputStream} from '../../src/output/terminal/writer.js';
import type {Outcome} from './harness.js';
import {poisons} from './hostile-text.js';

/** Every poison in one text. */
export const everyPoison = Object.values(poisons).join(' ');

/**
 * Puts a poison behind each text of JSON that has one of these names, or stands in a list that has; JSON within texts is gone
 * through too.
 */
export function poisonedJson(json: string, names: RegExp, poison = everyPoison): string {
  const within = (value: unknown, name: string): unknown => {
    if (typeof value === 'string') {
      if (value.startsWith('{"')) return poisonedJson(value, names, poison);
      return value !== '' && names.test(name) ? `${value} ${poison}` : value;
    }
    if (Array.isArray(value)) return value.map((each) => within(each, name));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, within(each, key)]));
  };
  return JSON.stringify(within(JSON.parse(json), ''));
}

interface TerminalOptions {
  /** What is typed once a text is on stderr; stdin is a terminal then. */
  answers?: [asked: RegExp, typed: string][];
  onErr?: (text: string) => void;
  columns?: number;
}

/** Runs a command in this process with stdout and stderr on a terminal. */
export async function runOnTerminal(
  argv: string[],
  env: Record<string, string>,
  {answers = [], onErr, columns = 100}: TerminalOptions = {},
): Promise<Outcome> {
  const isTTY = answers.length > 0;
  const stdin = Object.assign(new PassThrough(), {isTTY});
  if (!isTTY && !onErr) stdin.end();
  const waiting = [...answers];
  const stdout = terminal({columns});
  const stderr = terminal({
    columns,
    onText(text) {
      onErr?.(text);
      const [next] = waiting;
      if (!next?.[0].test(text)) return;
      waiting.shift();
      // While a question is being drawn, nobody reads the answer yet.
      setImmediate(() => stdin.write(next[1]));
    },
  });
  const io = {stdin, stdout: stdout.stream, stderr: stderr.stream, env};
  const code = await main(argv, io, new AbortController().signal);
  return {code, out: stdout.text(), err: stderr.text()};
}

/** What has the form of a terminal, and keeps what is written. */
export function terminal({columns = 100, onText}: {columns?: number; onText?: (text: string) => void} = {}): {
  stream: OutputStream;
  text: () => string;
} {
  const chunks: Buffer[] = [];
  const stream: OutputStream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      onText?.(chunk.toString('utf8'));
      done();
    },
  });
  return {
    stream: Object.assign(stream, {isTTY: true, columns, rows: 40, ...moves}),
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}

/** What the spinner asks of a terminal; whatever it does there, it is poe's own doing. */
const moves = {cursorTo: () => true, clearLine: () => true, moveCursor: () => true};
