import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {onTestFinished} from 'vitest';
import {runMain, type RunOptions, temporaryFolder} from '../harness.js';

/** What a server does with a message: it may answer, break off or do nothing. @param count of this message, from 1 */
export type Fault = (request: IncomingMessage, response: ServerResponse, count: number) => void | Promise<void>;

/**
 * Serves an API that lists the bot `Bot` and treats messages as the test defines, until the test ends. Counts the messages that
 * reached it, completely or in part.
 * @param onEnd `onTestFinished` of the test's context if it runs concurrently
 */
export async function faultyApi(onMessage: Fault, onEnd: (clean: () => void) => void = onTestFinished) {
  let messages = 0;
  const server = createServer((request, response) => {
    if (request.url === '/v1/models') {
      response.writeHead(200, {'Content-Type': 'application/json'}).end('{"data":[{"id":"Bot"}]}');
      return;
    }
    if (request.method !== 'POST') {
      response.writeHead(404, {'Content-Type': 'application/json'}).end('{"error":{"message":"Not found."}}');
      return;
    }
    void onMessage(request, response, ++messages);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = {POE_API_URL: url, POE_API_KEY: 'some-key', POE_CONFIG_DIR: temporaryFolder(onEnd)};
  return {
    url,
    env,
    get messages() {
      return messages;
    },
    run: (...argv: string[]) => runMain(argv, {env}),
    runWith: (options: RunOptions, ...argv: string[]) => runMain(argv, {...options, env: {...env, ...options.env}}),
  };
}

/** Reads the whole body of a request. */
async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Reads the request, then answers. */
export const answering =
  (status: number, headers: Record<string, string> = {}, body = ''): Fault =>
  async (request, response) => {
    await readBody(request);
    response.writeHead(status, headers).end(body);
  };

/** Reads the request, then closes the connection. */
export const cutting: Fault = async (request) => {
  await readBody(request);
  request.socket.destroy();
};

/** Starts a stream of events, then closes the connection. */
export const cuttingAfter =
  (text: string): Fault =>
  async (request, response) => {
    await readBody(request);
    response.writeHead(200, {'Content-Type': 'text/event-stream'});
    response.flushHeaders();
    if (text !== '') await new Promise<void>((resolve) => void response.write(text, () => resolve()));
    setImmediate(() => request.socket.destroy());
  };

/** Applies a fault to the first messages, and then answers correctly in either protocol. */
export const first =
  (times: number, fault: Fault): Fault =>
  (request, response, count) =>
    count <= times ? fault(request, response, count) : correct(request, response, count);

export const correct: Fault = async (request, response) => {
  await readBody(request);
  response.writeHead(200, {'Content-Type': 'text/event-stream'});
  response.end(
    request.url?.startsWith('/bot/')
      ? 'event: text\ndata: {"text":"yes"}\n\nevent: done\ndata: {}\n\n'
      : 'data: {"choices":[{"delta":{"content":"yes"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
  );
};
