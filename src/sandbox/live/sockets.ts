import type {IncomingMessage} from 'node:http';
import type {Channel} from './channel.js';
import type {HttpAnswer} from '../server/http.js';
import type {SandboxSite} from '../site/site.js';

/** What `GET /api/settings` says of a new live channel. */
export const channelSettings = (channel: Channel, site: SandboxSite) => ({
  availableBots: null,
  isSandbox: true,
  tchannelData: {
    minSeq: String(channel.minSeq),
    channel: channel.name,
    channelHash: channel.hash,
    boxName: channel.boxName,
    baseHost: site.baseHost,
    targetUrl: `http://${channel.boxName}.tch.${site.baseHost}/up/${channel.boxName}/updates`,
    enableWebsocket: true,
    isReconnectable: true,
  },
});

/** Who may listen to which channel, and from where on; or how the attempt is answered. */
export function admit(
  request: IncomingMessage,
  url: URL,
  site: SandboxSite,
): {channel: Channel; minSeq: number} | HttpAnswer {
  const {headers} = request;
  if (site.faults.replies.socketsRefused) return {status: 503};
  if (headers.cookie !== undefined) return {status: 400};
  const name = url.searchParams.get('channel');
  const channel = site.channels.find(name);
  if (!isLiveHost(headers.host ?? '', site) || !channel || url.pathname !== `/up/${channel.boxName}/updates`)
    return {status: 404};
  const minSeq = url.searchParams.get('min_seq') ?? '';
  const isWelcome = url.searchParams.get('hash') === channel.hash && /^\d{1,15}$/.test(minSeq);
  if (!isWelcome || (headers.origin ?? site.url) !== site.url) return {status: 403};
  return {channel, minSeq: Number(minSeq)};
}

/** `tch1.tch.…` to `tch1000000.tch.…`: the site spreads its listeners over many names. */
function isLiveHost(host: string, {baseHost}: SandboxSite): boolean {
  const box = /^tch([1-9]\d{0,6})\.tch\.(.+)$/.exec(host);
  return box !== null && Number(box[1]) <= 1_000_000 && box[2] === baseHost;
}
