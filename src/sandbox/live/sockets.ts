import {type IncomingMessage, STATUS_CODES} from 'node:http';
import type {Duplex} from 'node:stream';
import {WebSocketServer} from 'ws';
import {toResponse} from '../faults/fault-response.js';
import {type HttpResponse, isFromOrigin, type RecordedRequest, recordRequest, requestHead} from '../server/http.js';
import type {SandboxSite} from '../site/site.js';
import type {Channel} from './channel.js';

interface SocketContext {
  readonly site: SandboxSite;
  readonly record: (request: RecordedRequest) => RecordedRequest;
}

/** Opens the WebSocket of a live channel, or answers the upgrade request with an HTTP error. */
export function openSocket(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  {site, record}: SocketContext,
): void {
  socket.on('error', () => socket.destroy());
  const upgrade = requestHead(request);
  const {url} = upgrade;
  const recorded = record(recordRequest({...upgrade, signed: ''}));
  const reject = ({status, headers = {}, body = ''}: HttpResponse) => {
    recorded.status = status;
    const lines = Object.entries({...headers, Connection: 'close', 'Content-Length': String(Buffer.byteLength(body))});
    const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${text}\r\n${Buffer.from(body).toString('utf8')}`);
  };

  const fault = site.faults.takeResponse(url.pathname, undefined);
  if (fault === 'silence') return;
  if (fault === 'drop') return void socket.destroy();
  if (fault) return reject(toResponse(fault));

  const admitted = admit(request, url, site);
  if ('status' in admitted) return reject(admitted);
  recorded.status = 101;
  webSockets.handleUpgrade(request, socket, head, (opened) => admitted.channel.listen(opened, admitted.minSeq));
}

const webSockets = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: 1 << 20,
});

/** The channel that a client may listen to and its position, or the error response. */
function admit(
  {headers}: IncomingMessage,
  url: URL,
  site: SandboxSite,
): {channel: Channel; minSeq: number} | HttpResponse {
  if (site.faults.replies.socketsRefused) return {status: 503};
  if (headers.cookie !== undefined) return {status: 400};
  const channel = site.channels.find(url.searchParams.get('channel'));
  if (!channel || !isLiveHost(headers.host ?? '', site) || url.pathname !== `/up/${channel.boxName}/updates`) {
    return {status: 404};
  }
  const minSeq = url.searchParams.get('min_seq') ?? '';
  const isAllowed = url.searchParams.get('hash') === channel.hash && /^\d{1,15}$/.test(minSeq);
  if (!isAllowed || !isFromOrigin({headers}, site.url)) return {status: 403};
  return {channel, minSeq: Number(minSeq)};
}

/** Poe spreads listeners over `tch1.tch.…` to `tch1000000.tch.…`. */
function isLiveHost(host: string, {baseHost}: SandboxSite): boolean {
  const box = /^tch([1-9]\d{0,6})\.tch\.(.+)$/.exec(host);
  return box !== null && Number(box[1]) <= 1_000_000 && box[2] === baseHost;
}
