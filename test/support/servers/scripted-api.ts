import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {onTestFinished} from 'vitest';
import {runMain, temporaryFolder} from '../harness.js';

/*
 * An API whose responses each test defines. Unlike the sandbox it checks nothing, so it shows that poe follows Poe's documentation
 * where that leaves room.
 */

/** The response to a request: JSON, or text of another type. */
export type Answer = object | {type: string; text: string; status?: number};

const isText = (answer: Answer): answer is {type: string; text: string; status?: number} => 'text' in answer;

/** Serves the API until the test ends. @param answers responses by path without query; functions receive the query */
export async function scriptedApi(
  answers: Record<string, Answer | ((query: URLSearchParams) => Answer | Promise<Answer>)>,
) {
  const requests: {path: string; body: string}[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const url = new URL(request.url ?? '/', 'http://api.invalid');
    requests.push({path: url.pathname, body: Buffer.concat(chunks).toString('utf8')});
    const scripted = answers[url.pathname];
    const content = typeof scripted === 'function' ? await scripted(url.searchParams) : scripted;
    if (content === undefined) return response.writeHead(404).end();
    if (!isText(content)) {
      return response.writeHead(200, {'Content-Type': 'application/json'}).end(JSON.stringify(content));
    }
    return response.writeHead(content.status ?? 200, {'Content-Type': content.type}).end(content.text);
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const env = {
    POE_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    POE_API_KEY: 'some-key',
    POE_CONFIG_DIR: temporaryFolder(),
  };
  return {requests, env, run: (...argv: string[]) => runMain(argv, {env})};
}

/** An event stream. */
export const eventStream = (text: string): Answer => ({type: 'text/event-stream', text});

/** An event stream of chat completion chunks. @param end how the stream ends */
export const chunks = (events: readonly (object | string)[], end = 'data: [DONE]\n\n'): Answer =>
  eventStream(
    events.map((each) => (typeof each === 'string' ? each : `data: ${JSON.stringify(each)}\n\n`)).join('') + end,
  );

/** A chunk with a delta. */
export const delta = (more: object, finish: string | null = null) => ({
  choices: [{delta: more, finish_reason: finish}],
});
