import {Writable} from 'node:stream';

type Stream = NodeJS.WritableStream;

/** Ends a write at once. */
const discard: Stream['write'] = (_chunk: unknown, ...rest: unknown[]) => {
  const done = rest.at(-1);
  if (typeof done === 'function') process.nextTick(done);
  return true;
};

/** How long a client may take to read what was written before it has closed its end. */
const maxEndMs = 2_000;

/**
 * Takes stdout for the messages of the protocol: whatever else writes to it from now on goes to stderr. A single stray character would
 * break the message that follows it.
 * @returns a stream over the real stdout, and a function that waits until everything is written and gives stdout back
 */
export function takeStdout(stdout: Stream, stderr: Stream): {output: Writable; release: () => Promise<void>} {
  const write: Stream['write'] = stdout.write.bind(stdout);
  const output = new Writable({
    decodeStrings: true,
    write: (chunk: Buffer, _encoding, done) => void write(chunk, done),
  });
  // Each message of the SDK waits for the client with a listener of its own.
  output.setMaxListeners(0);
  // console writes with this function, too.
  stdout.write = stderr.write.bind(stderr);
  const release = async () => {
    stdout.write = write;
    let timer: NodeJS.Timeout | undefined;
    const isWritten = await Promise.race([
      new Promise<boolean>((resolve) => void write('', () => resolve(true))),
      new Promise<boolean>((resolve) => (timer = setTimeout(resolve, maxEndMs, false))),
    ]);
    clearTimeout(timer);
    // Whoever waits for the rest would wait until the client reads, which it may never do.
    if (!isWritten) stdout.write = discard;
  };
  return {output, release};
}
