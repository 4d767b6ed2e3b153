import {createServer, type IncomingHttpHeaders} from 'node:http';
import type {AddressInfo} from 'node:net';
import {onTestFinished} from 'vitest';

/** Serves pictures on a host of its own until the test ends. `seen` holds the headers of each request; `/gone.png` is not found. */
export async function pictureHost() {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer(({headers, url}, response) => {
    seen.push(headers);
    if (url === '/gone.png') response.writeHead(404).end();
    else response.end(`picture at ${url}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return {seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`};
}
