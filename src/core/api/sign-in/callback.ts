import {once} from 'node:events';
import {createServer, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {PoeError} from '../../errors.js';
import {codeIn} from './redirect.js';

/** The place on this machine that Poe sends the browser back to. */
export interface Callback {
  /** Its address. */
  readonly redirectUri: string;
  /** The code that came with the browser. It rejects with PoeError `refused` where Poe sent a no instead. */
  readonly code: Promise<string>;
  close(): void;
}

/** Listens on a free port of this machine, and nowhere else, for an answer that has this state; others are turned away. */
export async function listen(state: string): Promise<Callback> {
  const server = createServer();
  const code = new Promise<string>((resolve, reject) => {
    server.on('request', ({method, url = '/'}, response) => {
      const asked = new URL(`http://127.0.0.1${url.startsWith('/') ? url : '/'}`);
      if (method !== 'GET' || asked.pathname !== path) return page(response, 404, 'There is nothing here.');
      if (asked.searchParams.get('state') !== state)
        return page(response, 400, 'This is not the answer poe waits for.');
      try {
        const found = codeIn(asked);
        page(response, 200, 'You are logged in to poe. This window can be closed.', () => resolve(found));
      } catch (error) {
        page(response, 200, 'You are not logged in to poe. This window can be closed.', () => reject(error));
      }
    });
  });
  // Whoever waits for it is told; until then nobody may be there.
  code.catch(() => {});
  await started(server);
  // A server that listens on TCP has an address of this kind.
  const {port} = server.address() as AddressInfo;
  return {
    redirectUri: `http://127.0.0.1:${port}${path}`,
    code,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const path = '/callback';

async function started(server: Server): Promise<void> {
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    throw new PoeError('refused', 'There is no free port on this machine for the browser to come back to', {
      hint: 'Make a key at https://poe.com/api/keys instead, and give it in POE_API_KEY or on stdin.',
      cause: error,
    });
  }
}

function page(response: ServerResponse, status: number, text: string, done?: () => void): void {
  const headers = {'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', Connection: 'close'};
  response.writeHead(status, headers);
  response.end(`<!doctype html><title>poe</title><p>${text}</p>\n`, done);
}
