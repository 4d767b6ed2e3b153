import {createServer, type IncomingMessage} from 'node:http';
import type {AddressInfo} from 'node:net';
import {onTestFinished} from 'vitest';
import {type WebSocket, WebSocketServer} from 'ws';
import {runMain, type RunOptions} from '../harness.js';

/*
 * A site whose responses each test defines. Unlike the sandbox it checks nothing, so it shows that poe follows the protocol where
 * that leaves room.
 */

/** Sends an event on the live channel. */
export type Emit = (name: string, data: object, options?: {uniqueId?: string; raw?: boolean; minSeq?: unknown}) => void;

interface Operation {
  queryName: string;
  // Each test knows the operation and its variables.
  // oxlint-disable-next-line typescript/no-explicit-any
  variables: any;
}

export interface ScriptedSite {
  /** Returns the `data` of the response to an operation; null is “Server Error”. */
  answer: (operation: Operation, emit: Emit) => object | null | Promise<object | null>;
  /** Returns the `data` of the response to an upload. */
  upload?: (request: IncomingMessage) => Promise<object>;
  pages?: Record<string, {status?: number; html: string}>;
  channel?: object;
  /** What responses with data contain besides. Default: a harmless error. */
  errors?: object[];
  onConnect?: (socket: WebSocket) => void;
}

/** JSON in which a text such as `#9007199254740993` is a number with these digits. */
const stringify = (value: unknown): string => JSON.stringify(value).replaceAll(/"#(\d+)"/g, '$1');

/** Serves the site until the test ends. Its environment has a session and a form key, and no writable configuration folder. */
export async function scriptedSite({answer, upload, pages = {}, channel = {}, onConnect, errors}: ScriptedSite) {
  const sockets: WebSocket[] = [];
  const operations: Operation[] = [];
  const bodies: string[] = [];
  const paths: string[] = [];
  let seq = 100;
  const emit: Emit = (name, data, {uniqueId = `${name}:77`, raw = false, minSeq} = {}) => {
    const message = {
      message_type: 'subscriptionUpdate',
      payload: {unique_id: uniqueId, subscription_name: name, data: {[name]: data}, more: 1},
    };
    seq++;
    const frame = stringify({
      messages: [raw ? message : stringify(message)],
      min_seq: minSeq === undefined ? seq : minSeq,
      new: true,
    });
    for (const socket of sockets) socket.send(frame);
  };
  const server = createServer((request, response) => {
    if (upload && request.url === '/api/gql_upload_POST') {
      // Some clients disconnect during the upload.
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
      else void reply(request.url ?? '', body).then((json) => response.end(stringify(json)));
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
    const operation: Operation = JSON.parse(body);
    operations.push(operation);
    bodies.push(body);
    if (operation.queryName === 'SubscriptionsMutation') return {data: {autoSubscribe: null, other: 1}};
    const data = await answer(operation, emit);
    return data
      ? {data, errors: errors ?? [{message: 'a harmless error'}]}
      : {data: null, errors: [{message: 'Server Error'}]};
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
    operations,
    /** The bodies of the operations, as they arrived. */
    bodies,
    /** The paths of all requests except those for sockets. */
    paths,
    /** All sockets, including closed ones. */
    sockets,
    emit,
    url: env.POE_BASE_URL,
    tokens: {pB: 'b', pLat: 'l', formKey: 'a'.repeat(32)},
    run: (...argv: string[]) => runWith({}, ...argv),
    runWith,
  };
}
