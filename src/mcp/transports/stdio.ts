import {StdioServerTransport} from '@modelcontextprotocol/sdk/server/stdio.js';
import {Readable, type Writable} from 'node:stream';
import type {McpHost, McpLimits} from '../host.js';
import {createMcpServer} from '../server.js';
import {watchLines} from './rejection.js';

/** How long calls may take to cancel their replies on Poe when the client is gone. */
const maxEndMs = 5_000;

interface StdioOptions {
  host: McpHost;
  limits: McpLimits;
  input: NodeJS.ReadableStream;
  output: Writable;
  /** Aborted to end the server. */
  signal: AbortSignal;
  /** Called with problems of the connection. */
  onProblem: (error: Error) => void;
}

/**
 * Serves one client until it closes its end, or the signal is aborted. Calls that run then are cancelled. The SDK does not notice that a
 * client has gone away.
 * @returns why the connection has ended, if neither the client nor the signal has ended it
 */
export async function serveStdio({
  host,
  limits,
  input,
  output,
  signal,
  onProblem,
}: StdioOptions): Promise<Error | undefined> {
  const {server, idle} = createMcpServer(host, limits);
  const transport = new StdioServerTransport(toReadable(input), output);
  let problem: Error | undefined;
  const ended = new Promise<Error | undefined>((resolve) => {
    const end = () => resolve(undefined);
    for (const event of ['end', 'close', 'error']) input.once(event, end);
    output.once('error', end);
    // After a message that is too long.
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- it is no EventTarget
    server.onclose = () => resolve(problem);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, {once: true});
  });
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- it is no EventTarget
  server.onerror = (error) => {
    problem = error;
    onProblem(error);
  };
  await server.connect(transport);
  const stopWatching = watchLines(input, (answer) => void output.write(`${JSON.stringify(answer)}\n`));
  const reason = await ended;
  stopWatching();
  // The client is gone: nobody reads what the calls still send.
  for (const stream of [input, output]) stream.on('error', () => {});
  await server.close();
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise((resolve) => (timer = setTimeout(resolve, maxEndMs)));
  await Promise.race([idle(), limit]);
  clearTimeout(timer);
  return reason;
}

/** stdin is one, although its type does not say so. */
const toReadable = (stream: NodeJS.ReadableStream): Readable =>
  stream instanceof Readable ? stream : new Readable().wrap(stream);
