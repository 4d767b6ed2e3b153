import {Writable} from 'node:stream';

type Stream = NodeJS.WritableStream;

/**
 * Takes stdout for the messages of the protocol: whatever else writes to it from now on goes to stderr. A single stray character would
 * break the message that follows it.
 * @returns a stream over the real stdout, and a function that gives stdout back
 */
export function takeStdout(stdout: Stream, stderr: Stream): {output: Writable; restore: () => void} {
  const write: Stream['write'] = stdout.write.bind(stdout);
  const output = new Writable({
    decodeStrings: true,
    write: (chunk: Buffer, _encoding, done) => void write(chunk, done),
  });
  // console writes with this function, too.
  stdout.write = stderr.write.bind(stderr);
  return {output, restore: () => (stdout.write = write)};
}
