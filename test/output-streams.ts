import {Writable} from 'node:stream';
import {Output, type OutputOptions} from '../src/output/output.js';

interface Screen {
  columns: number;
  rows?: number;
}

/** An output of which all that it says is kept: into pipes, or on terminals of that size. */
export function outputTo(screen?: Screen, options: Partial<OutputOptions> = {}) {
  const stdout = keeping(screen);
  const stderr = keeping(screen);
  const output = new Output({
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: {},
    json: false,
    quiet: false,
    verbose: false,
    color: false,
    ...options,
  });
  return {output, out: stdout.text, err: stderr.text, stdout: stdout.stream};
}

function keeping(screen?: Screen) {
  let text = '';
  const writable = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      text += chunk;
      done();
    },
  });
  return {stream: Object.assign(writable, screen && {isTTY: true, ...screen}), text: () => text};
}
