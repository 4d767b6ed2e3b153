import {PoeError} from '../../errors.js';
import {registerSecret} from '../../redact.js';
import {readJson} from '../protocol/response.js';
import type {Session} from '../session/session.js';
import {type ChannelData, channelDataOfSettings, quoteChannelHash} from '../site/channel-data.js';

/** Requests a live channel: the one in the home page if it was just read, else from `/api/settings`, else from the page. @throws PoeError */
export async function requestChannel(session: Session, signal?: AbortSignal): Promise<ChannelData> {
  const data =
    (await session.takeChannelData(signal)) ??
    (await channelOfSettings(session, signal)) ??
    (await session.readChannelData(signal));
  if (!data) {
    throw new PoeError('not_understood', "Poe's settings contain no live channel", {
      hint: 'The site may have changed. Look for a newer version of poe.',
    });
  }
  registerSecret(data.channelHash);
  return data;
}

async function channelOfSettings({http}: Session, signal?: AbortSignal): Promise<ChannelData | undefined> {
  const url = new URL('/api/settings', http.site);
  const response = await http.request(url, {method: 'GET', name: 'channel settings', retry: 'safe', signal});
  if (response.status === 404) return undefined;
  return channelDataOfSettings(readJson('channel settings', url, {...response, text: quoteChannelHash(response.text)}));
}
