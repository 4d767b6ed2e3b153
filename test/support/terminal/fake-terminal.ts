import {PassThrough, Writable} from 'node:stream';
import {main} from '../../../src/cli/main.js';
import type {OutputStream} from '../../../src/output/terminal/writer.js';
import type {Outcome} from '../harness.js';

interface TerminalOptions {
  /** What to type each time stderr matches. With answers, stdin is a terminal, too. */
  answers?: [question: RegExp, typed: string][];
  /** Called with each chunk of stderr. */
  onErr?: (text: string) => void;
  columns?: number;
}

/** Runs a command in this process, with stdout and stderr on a terminal. */
export async function runOnTerminal(
  argv: string[],
  env: Record<string, string>,
  {answers = [], onErr, columns = 100}: TerminalOptions = {},
): Promise<Outcome> {
  const isTTY = answers.length > 0;
  const stdin = Object.assign(new PassThrough(), {isTTY});
  if (!isTTY && !onErr) stdin.end();
  const remaining = [...answers];
  const stdout = terminal({columns});
  const stderr = terminal({
    columns,
    onText(text) {
      onErr?.(text);
      const [next] = remaining;
      if (!next?.[0].test(text)) return;
      remaining.shift();
      // The prompt reads its answer only after it has been drawn.
      setImmediate(() => stdin.write(next[1]));
    },
  });
  const io = {stdin, stdout: stdout.stream, stderr: stderr.stream, env};
  const code = await main(argv, io, new AbortController().signal);
  return {code, out: stdout.text(), err: stderr.text()};
}

/** A stream that claims to be a terminal and collects its output. */
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
    stream: Object.assign(stream, {isTTY: true, columns, rows: 40, ...cursorMethods}),
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}

/** Methods of a `tty.WriteStream` that the spinner calls. */
const cursorMethods = {cursorTo: () => true, clearLine: () => true, moveCursor: () => true};
