/** A stream that may be a terminal. */
export interface OutputStream extends NodeJS.WritableStream {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
}

/** A destination for whole lines. */
export interface Writer {
  /** @returns false when the reader is gone */
  write(text: string): Promise<boolean>;
  /** Ends the output and waits for the reader to finish. */
  end(): Promise<void>;
  /** Whether a pager has shown the text. */
  readonly isPaged?: boolean;
}

/** Writes to a stream and waits while its buffer is full. */
export const streamWriter = (stream: NodeJS.WritableStream): Writer => ({
  async write(text) {
    if (!stream.writable) return false;
    if (!stream.write(text)) await drained(stream);
    return stream.writable;
  },
  async end() {},
});

/** Also resolves when the stream fails or closes, because it then never drains. */
export function drained(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of events) stream.off(event, done);
      resolve();
    };
    for (const event of events) stream.on(event, done);
  });
}

const events = ['drain', 'error', 'close'];
