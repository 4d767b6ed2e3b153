import {once} from 'node:events';
import {createServer, type IncomingMessage, request as ask} from 'node:http';
import {type AddressInfo, connect, type Socket} from 'node:net';
import type {Duplex} from 'node:stream';
import {onTestFinished} from 'vitest';

/** When to cut a socket: after this many frames from the site, or in the middle of the next one. */
export interface Cut {
  afterFrames: number;
  isMidFrame?: boolean;
  /** Whether the channel is gone as well: reconnecting to it gets 404. */
  isChannelGone?: boolean;
}

export interface CuttingProxy {
  readonly url: string;
  /** The number of sockets cut so far. */
  readonly cuts: number;
  /** Sets the next cut. Frames are counted from now on. */
  cut(cut: Cut | undefined): void;
  /** Drops all frames to the client from now on; its socket stays open. */
  mute(): void;
  /** Closes all open connections. */
  cutAll(): void;
}

export interface Rewriting {
  /** Changes the body of each response. */
  rewrite?: (body: string) => string;
  /** Replaces the text of a frame of the live channel by those of any number of frames. */
  rewriteFrame?: (text: string) => string[];
  /** Headers added to each response. */
  headers?: Record<string, string>;
  /** Forwards bodies and frames in pieces of this many bytes, which may split a character. */
  pieceBytes?: number;
}

/** Starts a proxy in front of a local site. It forwards everything, and cuts the live channel on request. */
export async function cuttingProxy(
  siteUrl: string,
  {rewrite = (body) => body, rewriteFrame, headers: more = {}, pieceBytes = Number.POSITIVE_INFINITY}: Rewriting = {},
): Promise<CuttingProxy> {
  const {port: sitePort} = new URL(siteUrl);
  const open = new Set<Socket | Duplex>();
  const gone = new Set<string>();
  let next: Cut | undefined;
  let cuts = 0;
  let isMute = false;
  const server = createServer((request, response) => {
    const headers = rewritten(request, String(port), sitePort);
    const forwarded = ask({port: sitePort, host: '127.0.0.1', path: request.url, method: request.method, headers});
    forwarded.on('error', () => response.destroy());
    forwarded.on('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        // URLs of the site lead to the proxy, too.
        const text = Buffer.concat(chunks).toString('utf8').replaceAll(`:${sitePort}`, `:${port}`);
        const {'content-length': _length, ...others} = answer.headers;
        response.writeHead(answer.statusCode ?? 502, {...others, ...more});
        for (const piece of pieces(Buffer.from(rewrite(text)), pieceBytes)) response.write(piece);
        response.end();
      });
    });
    request.pipe(forwarded);
  });
  server.on('connection', (socket) => void open.add(socket));
  server.on('upgrade', (request: IncomingMessage, client: Duplex) => {
    const channel = new URL(request.url ?? '/', siteUrl).searchParams.get('channel') ?? '';
    if (gone.has(channel)) return void client.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    const site = connect(Number(sitePort), '127.0.0.1');
    open.add(site);
    const lines = Object.entries(rewritten(request, String(port), sitePort)).map(
      ([name, value]) => `${name}: ${value}`,
    );
    site.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    client.pipe(site);
    client.on('error', () => site.destroy());
    client.on('close', () => site.destroy());
    site.on('error', () => client.destroy());
    site.on('close', () => client.destroy());
    const split = splitter();
    site.on('data', (data: Buffer) => {
      for (const {bytes, isFrame} of split(data)) {
        if (client.destroyed) return;
        if (isFrame && isMute) continue;
        if (isFrame && next && next.afterFrames <= 0) {
          if (next.isMidFrame) client.write(bytes.subarray(0, bytes.length / 2));
          if (next.isChannelGone) gone.add(channel);
          next = undefined;
          cuts++;
          // Sends pending data before it closes.
          client.end();
          site.destroy();
          return;
        }
        client.write(isFrame ? rewrittenFrame(bytes, {rewriteFrame, pieceBytes}) : bytes);
        if (isFrame && next) next.afterFrames--;
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address() as AddressInfo;
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${port}`,
    get cuts() {
      return cuts;
    },
    cut(cut) {
      next = cut && {...cut};
    },
    mute() {
      isMute = true;
    },
    cutAll() {
      for (const socket of open) socket.destroy();
      server.closeAllConnections();
    },
  };
}

function rewritten({headers}: IncomingMessage, port: string, sitePort: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, String(value).replaceAll(`:${port}`, `:${sitePort}`)]),
  );
}

function* pieces(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The frame to forward: its replacements, each in fragments if the proxy splits frames. */
function rewrittenFrame(frame: Buffer, {rewriteFrame, pieceBytes = 0}: Rewriting): Buffer {
  if (!rewriteFrame && !Number.isFinite(pieceBytes)) return frame;
  const length = frame.readUInt8(1) & 0x7f;
  const text = frame.subarray(length < 126 ? 2 : length === 126 ? 4 : 10).toString('utf8');
  return Buffer.concat((rewriteFrame?.(text) ?? [text]).flatMap((each) => textFrames(Buffer.from(each), pieceBytes)));
}

function textFrames(payload: Buffer, size: number): Buffer[] {
  const fragments = [...pieces(payload, size)];
  return fragments.flatMap((fragment, index) => {
    const head = Buffer.alloc(10);
    head.writeUInt8((index === fragments.length - 1 ? 0x80 : 0) | (index === 0 ? 1 : 0), 0);
    head.writeUInt8(127, 1);
    head.writeBigUInt64BE(BigInt(fragment.length), 2);
    return [head, fragment];
  });
}

/** Splits the bytes that a site sends on a socket into the handshake and single frames. */
function splitter(): (data: Buffer) => {bytes: Buffer; isFrame: boolean}[] {
  let buffered = Buffer.alloc(0);
  let isOpen = false;
  return (data) => {
    buffered = Buffer.concat([buffered, data]);
    const pieces: {bytes: Buffer; isFrame: boolean}[] = [];
    for (;;) {
      const headEnd = buffered.indexOf('\r\n\r\n') + 4;
      const length = isOpen ? frameLength(buffered) : headEnd >= 4 ? headEnd : undefined;
      if (length === undefined || length > buffered.length) return pieces;
      // Pings and pongs do not count.
      const isFrame = isOpen && ((buffered[0] ?? 0) & 0x0f) < 8;
      pieces.push({bytes: buffered.subarray(0, length), isFrame});
      buffered = buffered.subarray(length);
      isOpen = true;
    }
  };
}

/** The length of the first frame in bytes (RFC 6455, 5.2; servers do not mask); undefined while its header is incomplete. */
function frameLength(bytes: Buffer): number | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1) & 0x7f;
  if (short < 126) return 2 + short;
  if (short === 126) return bytes.length < 4 ? undefined : 4 + bytes.readUInt16BE(2);
  return bytes.length < 10 ? undefined : 10 + Number(bytes.readBigUInt64BE(2));
}
