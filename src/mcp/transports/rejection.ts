import {ErrorCode, JSONRPCMessageSchema, type RequestId} from '@modelcontextprotocol/sdk/types.js';

/** The answer of JSON-RPC to what is not a message. */
export interface Rejection {
  jsonrpc: '2.0';
  /** Null if it is not known which request this answers. */
  id: RequestId | null;
  error: {code: number; message: string};
}

const rejection = (code: ErrorCode, message: string, id: RequestId | null = null): Rejection => ({
  jsonrpc: '2.0',
  id,
  error: {code, message},
});

const notJson = rejection(ErrorCode.ParseError, 'This is not JSON.');
export const batch = rejection(ErrorCode.InvalidRequest, 'Batches are not supported. Send one message at a time.');

/** The answer to a value that is not a message, and not a batch of them; undefined for a message. */
export function rejectionOf(value: unknown): Rejection | undefined {
  if (JSONRPCMessageSchema.safeParse(value).success) return undefined;
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : null;
  const isId = typeof id === 'string' || Number.isInteger(id);
  // The check says which type it has.
  return rejection(ErrorCode.InvalidRequest, 'This is not a message of JSON-RPC 2.0.', isId ? (id as RequestId) : null);
}

/** Whether a value looks like an answer. To answer one that is invalid could start an endless exchange. */
const isAnswer = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !('method' in value) && ('error' in value || 'result' in value);

/**
 * Watches the lines of a client, and finds those that the SDK ignores without an answer: what is not JSON, what is not a message, and
 * batches. The SDK ends the connection before a line gets too long.
 * @returns stops that
 */
export function watchLines(input: NodeJS.ReadableStream, reject: (answer: Rejection) => void): () => void {
  let line: Buffer[] = [];
  const onData = (chunk: Buffer) => {
    let start = 0;
    for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', start)) {
      const text = Buffer.concat([...line, chunk.subarray(start, end)]).toString('utf8');
      const answer = rejectionOfLine(text);
      if (answer) reject(answer);
      line = [];
      start = end + 1;
    }
    if (start < chunk.length) line.push(chunk.subarray(start));
  };
  input.on('data', onData);
  return () => void input.off('data', onData);
}

function rejectionOfLine(text: string): Rejection | undefined {
  if (text.trim() === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return notJson;
  }
  if (Array.isArray(value)) return batch;
  return isAnswer(value) ? undefined : rejectionOf(value);
}
