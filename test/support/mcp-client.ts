import {Client} from '@modelcontextprotocol/sdk/client/index.js';
import {ReadBuffer, serializeMessage} from '@modelcontextprotocol/sdk/shared/stdio.js';
import type {Transport} from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  type CallToolResult,
  CallToolResultSchema,
  type ElicitRequest,
  ElicitRequestSchema,
  type ElicitResult,
  type JSONRPCMessage,
} from '@modelcontextprotocol/sdk/types.js';
import {PassThrough, Writable} from 'node:stream';
import {onTestFinished} from 'vitest';
import {main} from '../../src/cli/main.js';

/* Runs poe mcp in this process, with the client of the SDK at its streams. */

interface Options {
  env: Record<string, string | undefined>;
  /** Answers a question to the user. Without it, the client cannot ask. */
  onQuestion?: (question: ElicitRequest['params']) => ElicitResult | Promise<ElicitResult>;
  signal?: AbortSignal;
}

export async function startMcp(argv: readonly string[], {env, onQuestion, signal}: Options) {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  let err = '';
  const stderr = new Writable({
    write(chunk: Buffer, _encoding, done) {
      err += chunk.toString('utf8');
      done();
    },
  });
  const stopped = signal ?? new AbortController().signal;
  const ended = main(['mcp', ...argv], {stdin, stdout, stderr, env}, stopped);
  const client = new Client({name: 'test', version: '1'}, {capabilities: onQuestion ? {elicitation: {}} : {}});
  if (onQuestion) client.setRequestHandler(ElicitRequestSchema, ({params}) => onQuestion(params));
  await client.connect(new StreamTransport(stdout, stdin));
  const close = async () => {
    stdin.end();
    return ended;
  };
  onTestFinished(async () => {
    await close();
  });
  return {
    client,
    stdin,
    stdout,
    err: () => err,
    /** The exit code, when the server has ended. */
    ended,
    close,
    call: async (
      name: string,
      values: Record<string, unknown> = {},
      options: {signal?: AbortSignal; onprogress?: (progress: {message?: string}) => void} = {},
    ): Promise<CallToolResult> =>
      // The compatible result of older servers is none of this one.
      (await client.callTool({name, arguments: values}, CallToolResultSchema, options)) as CallToolResult,
  };
}

/** The texts of a result. */
export const textsOf = ({content}: CallToolResult): string[] =>
  content.flatMap((each) => (each.type === 'text' ? [each.text] : []));

/** A transport over two streams. */
class StreamTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #buffer = new ReadBuffer();

  constructor(
    readonly input: NodeJS.ReadableStream,
    readonly output: NodeJS.WritableStream,
  ) {}

  async start(): Promise<void> {
    this.input.on('data', (chunk: Buffer) => {
      this.#buffer.append(chunk);
      for (let message = this.#buffer.readMessage(); message; message = this.#buffer.readMessage())
        this.onmessage?.(message);
    });
  }

  async send(message: JSONRPCMessage): Promise<void> {
    this.output.write(serializeMessage(message));
  }

  async close(): Promise<void> {
    this.onclose?.();
  }
}
