/** Where lines go. */
export interface Writer {
  /** @returns false when nobody reads any more */
  write(text: string): Promise<boolean>;
  /** Nothing more will be written. Waits for a reader who takes time. */
  end(): Promise<void>;
}

/** Writes as fast as the stream is read. */
export const streamWriter = (stream: NodeJS.WritableStream): Writer => ({
  async write(text) {
    if (!stream.writable) return false;
    if (!stream.write(text)) await drained(stream);
    return stream.writable;
  },
  async end() {},
});

/** Ends also when the stream fails or is closed, after which it will never drain. */
function drained(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of events) stream.off(event, done);
      resolve();
    };
    for (const event of events) stream.on(event, done);
  });
}

const events = ['drain', 'error', 'close'];
