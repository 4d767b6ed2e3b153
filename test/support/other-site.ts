import {createServer, type IncomingMessage} from 'node:http';
import type {AddressInfo} from 'node:net';
import {onTestFinished} from 'vitest';
import {type WebSocket, WebSocketServer} from 'ws';
import {runMain, type RunOptions} from './harness.js';

/*
 * Another site than the sandbox, which differs from it in what the protocol leaves open. It checks nothing; it answers as
 * each test says, so that the client is seen to read by the protocol and not by the sandbox.
 */

/** Tells something on the live channel. */
export type Emit = (name: string, data: object, options?: {uniqueId?: string; raw?: boolean; minSeq?: unknown}) => void;

interface Asked {
  queryName: string;
  // The variables of whatever operation is asked; each test knows which.
  // oxlint-disable-next-line typescript/no-explicit-any
  variables: any;
}

export interface OtherSite {
  /** `data` of the answer to an operation, or the whole answer where it is an HTTP one. Null is “Server Error”. */
  answer: (asked: Asked, emit: Emit) => object | null | Promise<object | null>;
  /** `data` of the answer to an upload. */
  upload?: (request: IncomingMessage) => Promise<object>;
  pages?: Record<string, {status?: number; html: string}>;
  channel?: object;
  onConnect?: (socket: WebSocket) => void;
}

/** Serves the site until the test ends. */
export async function otherSite({answer, upload, pages = {}, channel = {}, onConnect}: OtherSite) {
  const sockets: WebSocket[] = [];
  const asked: Asked[] = [];
  const paths: string[] = [];
  let seq = 100;
  const emit: Emit = (name, data, {uniqueId = `${name}:77`, raw = false, minSeq} = {}) => {
    const message = {
      message_type: 'subscriptionUpdate',
      payload: {unique_id: uniqueId, subscription_name: name, data: {[name]: data}, more: 1},
    };
    seq++;
    const frame = JSON.stringify({
      messages: [raw ? message : JSON.stringify(message)],
      min_seq: minSeq === undefined ? seq : minSeq,
      new: true,
    });
    for (const socket of sockets) socket.send(frame);
  };
  const server = createServer((request, response) => {
    if (upload && request.url === '/api/gql_upload_POST') {
      // A client that goes away in the middle is what some tests are about.
      void upload(request).then(
        (data) => response.end(JSON.stringify({data})),
        () => response.destroy(),
      );
      return;
    }
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      paths.push(request.url ?? '');
      const page = pages[request.url ?? ''];
      if (page) response.writeHead(page.status ?? 200, {'Content-Type': 'text/html'}).end(page.html);
      else if (request.url === '/') response.writeHead(404).end();
      else void reply(request.url ?? '', body).then((json) => response.end(JSON.stringify(json)));
    });
  });
  const {port} = await new Promise<AddressInfo>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve(server.address() as AddressInfo)),
  );
  const reply = async (path: string, body: string): Promise<object> => {
    if (path.startsWith('/api/settings')) {
      const hash = '17789837973223261609';
      const tchannelData = {minSeq: 5, channel: 'c', channelHash: hash, boxName: 'b', baseHost: `localhost:${port}`};
      return {x: 1, tchannelData: {...tchannelData, ...channel}};
    }
    const question: Asked = JSON.parse(body);
    asked.push(question);
    if (question.queryName === 'SubscriptionsMutation') return {data: {autoSubscribe: null, other: 1}};
    const data = await answer(question, emit);
    return data ? {data, errors: [{message: 'odd but harmless'}]} : {data: null, errors: [{message: 'Server Error'}]};
  };
  const live = new WebSocketServer({server});
  live.on('connection', (socket) => {
    sockets.push(socket);
    onConnect?.(socket);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.terminate();
    server.closeAllConnections();
    server.close();
  });
  const env = {
    POE_BASE_URL: `http://127.0.0.1:${port}`,
    POE_P_B: 'b',
    POE_P_LAT: 'l',
    POE_FORMKEY: 'a'.repeat(32),
    POE_CONFIG_DIR: '/nonexistent/poe',
  };
  const runWith = (options: RunOptions, ...argv: string[]) => runMain(argv, {env, ...options});
  return {
    asked,
    /** The paths of all requests but those for sockets. */
    paths,
    /** The sockets that there were. */
    sockets,
    emit,
    url: env.POE_BASE_URL,
    tokens: {pB: 'b', pLat: 'l', formKey: 'a'.repeat(32)},
    run: (...argv: string[]) => runWith({}, ...argv),
    runWith,
  };
}
