import {once} from 'node:events';
import {createServer, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {PoeError} from '../../errors.js';
import {codeInRedirect, type ExpectedRedirect} from './redirect.js';

/** A server on this machine that Poe redirects the browser to. */
export interface Callback {
  /** Its URL. */
  readonly redirectUri: string;
  /** The code that the browser brings. Rejects with PoeError as `codeInRedirect`. */
  readonly code: Promise<string>;
  close(): void;
}

/** Listens on a free port of 127.0.0.1. Ignores requests with another state. @throws PoeError `refused` if it cannot listen */
export async function listenForCallback(expected: ExpectedRedirect): Promise<Callback> {
  const server = createServer();
  const code = new Promise<string>((resolve, reject) => {
    server.on('request', ({method, url = '/'}, response) => {
      const target = new URL(`http://127.0.0.1${url.startsWith('/') ? url : '/'}`);
      if (method !== 'GET' || target.pathname !== path) return sendPage(response, 404, 'Page not found.');
      if (target.searchParams.get('state') !== expected.state) {
        return sendPage(response, 400, 'This page belongs to another login.');
      }
      try {
        const found = codeInRedirect(target, expected);
        sendPage(response, 200, 'You are logged in to poe. You can close this window.', () => resolve(found));
      } catch (error) {
        sendPage(response, 200, 'You are not logged in to poe. You can close this window.', () => reject(error));
      }
    });
  });
  // The caller receives a rejection when it awaits the code, which may be later.
  code.catch(() => {});
  await startListening(server);
  // `address()` returns an AddressInfo for a server that listens on TCP.
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

async function startListening(server: Server): Promise<void> {
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    throw new PoeError('refused', 'No free port for the browser to return to', {remedy: 'enter_key', cause: error});
  }
}

function sendPage(response: ServerResponse, status: number, text: string, onSent?: () => void): void {
  const headers = {'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', Connection: 'close'};
  response.writeHead(status, headers);
  response.end(`<!doctype html><title>poe</title><p>${text}</p>\n`, onSent);
}
