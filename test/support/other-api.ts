import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {onTestFinished} from 'vitest';
import {runMain, temporaryFolder} from './harness.js';

/*
 * Another API than that of the sandbox, which differs from it in what Poe's documentation leaves open. It checks nothing; it
 * answers as each test says.
 */

/** What is answered at a path: JSON, or a text of some type. */
export type Answer = object | {type: string; text: string; status?: number};

const isText = (answer: Answer): answer is {type: string; text: string; status?: number} => 'text' in answer;

/** Serves the API until the test ends. @param answers by path, without query; a function is given the query */
export async function otherApi(
  answers: Record<string, Answer | ((query: URLSearchParams) => Answer | Promise<Answer>)>,
) {
  const asked: {path: string; body: string}[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const url = new URL(request.url ?? '/', 'http://other.invalid');
    asked.push({path: url.pathname, body: Buffer.concat(chunks).toString('utf8')});
    const found = answers[url.pathname];
    const told = typeof found === 'function' ? await found(url.searchParams) : found;
    if (told === undefined) return response.writeHead(404).end();
    if (!isText(told)) {
      return response.writeHead(200, {'Content-Type': 'application/json'}).end(JSON.stringify(told));
    }
    return response.writeHead(told.status ?? 200, {'Content-Type': told.type}).end(told.text);
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const env = {
    POE_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    POE_API_KEY: 'some-key',
    POE_CONFIG_DIR: temporaryFolder(),
  };
  return {asked, env, run: (...argv: string[]) => runMain(argv, {env})};
}

/** A stream of events as it is written. */
export const eventStream = (text: string): Answer => ({type: 'text/event-stream', text});

/** Chunks of a chat completion, and how the stream ends. */
export const chunks = (told: readonly (object | string)[], end = 'data: [DONE]\n\n'): Answer =>
  eventStream(
    told.map((each) => (typeof each === 'string' ? each : `data: ${JSON.stringify(each)}\n\n`)).join('') + end,
  );

/** A chunk that adds to an answer. */
export const delta = (more: object, finish: string | null = null) => ({
  choices: [{delta: more, finish_reason: finish}],
});
