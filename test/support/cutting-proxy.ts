import {once} from 'node:events';
import {createServer, type IncomingMessage, request as ask} from 'node:http';
import {type AddressInfo, connect, type Socket} from 'node:net';
import type {Duplex} from 'node:stream';
import {onTestFinished} from 'vitest';

/** Where a socket is cut: when so many frames have come from the site, and in the midst of the next one where that is asked for. */
export interface Cut {
  afterFrames: number;
  isMidFrame?: boolean;
  /** Tries to come back to the same channel are answered with 404 from then on. */
  isChannelGone?: boolean;
}

export interface CuttingProxy {
  readonly url: string;
  /** How many sockets were cut. */
  readonly cuts: number;
  /** The next cut; frames count from now on. */
  cut(cut: Cut | undefined): void;
  /** Keeps all frames from the client, whose socket stays open. */
  mute(): void;
  /** Cuts every connection that there is. */
  cutAll(): void;
}

export interface Rewriting {
  /** What the body of an answer becomes on its way. */
  rewrite?: (body: string) => string;
  /** What becomes of a frame of the live channel: the texts of those that go on in its place. */
  rewriteFrame?: (text: string) => string[];
  /** What stands in the heads of all answers besides. */
  headers?: Record<string, string>;
  /** Bodies and frames go on in pieces of so many bytes, which may part a letter. */
  pieceBytes?: number;
}

/** Stands between a client and a site on this machine, passes everything on, and cuts the live channel where it is told to. */
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
    const passed = ask({port: sitePort, host: '127.0.0.1', path: request.url, method: request.method, headers});
    passed.on('error', () => response.destroy());
    passed.on('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        // The site's own addresses lead back through here.
        const text = Buffer.concat(chunks).toString('utf8').replaceAll(`:${sitePort}`, `:${port}`);
        const {'content-length': _length, ...others} = answer.headers;
        response.writeHead(answer.statusCode ?? 502, {...others, ...more});
        for (const piece of pieces(Buffer.from(rewrite(text)), pieceBytes)) response.write(piece);
        response.end();
      });
    });
    request.pipe(passed);
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
          // What was written leaves first.
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

/** A frame as it goes on: other texts in its place, each in fragments where it is to go in pieces. */
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

/** Parts the bytes that a site sends on a socket: the handshake first, then frame by frame. */
function splitter(): (data: Buffer) => {bytes: Buffer; isFrame: boolean}[] {
  let rest = Buffer.alloc(0);
  let isShaken = false;
  return (data) => {
    rest = Buffer.concat([rest, data]);
    const pieces: {bytes: Buffer; isFrame: boolean}[] = [];
    for (;;) {
      const headEnd = rest.indexOf('\r\n\r\n') + 4;
      const length = isShaken ? frameLength(rest) : headEnd >= 4 ? headEnd : undefined;
      if (length === undefined || length > rest.length) return pieces;
      // Pings and pongs are no news.
      const isFrame = isShaken && ((rest[0] ?? 0) & 0x0f) < 8;
      pieces.push({bytes: rest.subarray(0, length), isFrame});
      rest = rest.subarray(length);
      isShaken = true;
    }
  };
}

/** Bytes of the first frame (RFC 6455, 5.2; what servers send is not masked); undefined where its head is not there yet. */
function frameLength(bytes: Buffer): number | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1) & 0x7f;
  if (short < 126) return 2 + short;
  if (short === 126) return bytes.length < 4 ? undefined : 4 + bytes.readUInt16BE(2);
  return bytes.length < 10 ? undefined : 10 + Number(bytes.readBigUInt64BE(2));
}
