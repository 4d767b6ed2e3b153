import {once} from 'node:events';
import {createServer, type Socket} from 'node:net';
import {join, listen} from './proxy-server.js';

/* A SOCKS proxy (RFC 1928, RFC 1929, SOCKS 4 and 4a) on this machine. */

export interface SocksRequest {
  version: number;
  host: string;
  port: number;
  /** `user:password`; for SOCKS 4, the user. */
  login?: string;
}

interface SocksOptions {
  /** The login it requires, as `user:password`. */
  login?: string;
  /** What it answers to a request: 0 for success, or a code of RFC 1928. SOCKS 4 has 90 and 91. */
  reply?: number;
  /** Where it connects to, whatever the target. */
  forwardTo?: number;
}

export async function socksProxy({login, reply = 0, forwardTo = 9}: SocksOptions = {}) {
  const requests: SocksRequest[] = [];
  const server = createServer((client) => {
    client.on('error', () => {});
    serve(client).catch(() => client.destroy());
  });

  async function serve(client: Socket): Promise<void> {
    const read = reader(client);
    const [version] = await read(1);
    const request = version === 4 ? await readVersion4(read) : await readVersion5(client, read);
    if (!request) return void client.end();
    requests.push(request);
    if (version === 4) client.write(Buffer.from([0, reply === 0 ? 90 : reply, 0, 0, 0, 0, 0, 0]));
    else client.write(Buffer.from([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]));
    if (reply === 0) join(client, forwardTo);
    else client.end();
  }

  async function readVersion5(client: Socket, read: Read): Promise<SocksRequest | undefined> {
    const [count = 0] = await read(1);
    const methods = await read(count);
    const method = login === undefined ? 0 : 2;
    if (!methods.includes(method)) return void client.end(Buffer.from([5, 255]));
    client.write(Buffer.from([5, method]));
    let given: string | undefined;
    if (method === 2) {
      await read(1);
      given = `${await readText(read)}:${await readText(read)}`;
      client.write(Buffer.from([1, given === login ? 0 : 1]));
      if (given !== login) return undefined;
    }
    const [, , , type] = await read(4);
    const host = type === 3 ? await readText(read) : ip(await read(type === 4 ? 16 : 4));
    return {version: 5, host, port: (await read(2)).readUInt16BE(), ...(given !== undefined && {login: given})};
  }

  const port = await listen(server);
  return {host: `127.0.0.1:${port}`, requests};
}

async function readVersion4(read: Read): Promise<SocksRequest> {
  await read(1);
  const port = (await read(2)).readUInt16BE();
  const address = await read(4);
  const login = await readLine(read);
  const isName = address.readUInt32BE() < 256;
  return {version: 4, host: isName ? await readLine(read) : ip(address), port, ...(login !== '' && {login})};
}

type Read = (length: number) => Promise<Buffer>;

const reader =
  (client: Socket): Read =>
  async (length) => {
    if (length === 0) return Buffer.alloc(0);
    for (;;) {
      const bytes: Buffer | null = client.read(length);
      if (bytes) return bytes;
      await once(client, 'readable');
    }
  };

async function readText(read: Read): Promise<string> {
  const [length = 0] = await read(1);
  return (await read(length)).toString();
}

async function readLine(read: Read): Promise<string> {
  let text = '';
  for (;;) {
    const [byte = 0] = await read(1);
    if (byte === 0) return text;
    text += String.fromCharCode(byte);
  }
}

const ip = (bytes: Buffer): string =>
  bytes.length === 4 ? [...bytes].join('.') : (bytes.toString('hex').match(/.{4}/g) ?? []).join(':');
