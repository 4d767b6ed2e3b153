import {type ErrorCode, interruption, PoeError} from '../../errors.js';
import type {TextResponse} from '../../http/request.js';
import {registerSecret} from '../../log/redact.js';
import {badTokens, readJson} from '../protocol/response.js';
import {GraphqlClient} from '../session/graphql-client.js';
import type {Session} from '../session/session.js';
import {type ChannelData, channelDataOfSettings, quoteChannelHash} from '../site/channel-data.js';

/** Requests a live channel: the one in the home page if it was just read, else from `/api/settings`, else from the page. @throws PoeError */
export async function requestChannel(session: Session, signal?: AbortSignal): Promise<ChannelData> {
  // If the page has a channel, the prepared one must not be used later: it would be old.
  const prepared = session.connection.takePrepared();
  const data =
    (await session.takeChannelData(signal)) ??
    (await channelOfSettings(session, prepared, signal)) ??
    (await session.readChannelData(signal));
  if (!data) {
    await checkLogin(session, signal);
    throw new PoeError('not_understood', "Poe's settings contain no live channel", {
      hint: 'The site may have changed. Look for a newer version of poe.',
    });
  }
  registerSecret(data.channelHash);
  return data;
}

/** Visitors who are not logged in have no channel in site version 2025-03. @throws PoeError `bad_tokens`, `interrupted` */
async function checkLogin(session: Session, signal?: AbortSignal): Promise<void> {
  const login: ReadonlySet<ErrorCode> = new Set(['bad_tokens', 'bad_form_key', 'interrupted']);
  const settings = await new GraphqlClient(session).call('settings', {}, {signal}).catch((error: unknown) => {
    if (!(error instanceof PoeError) || login.has(error.code)) throw error;
    return undefined;
  });
  if (settings?.viewer === null) throw badTokens();
}

async function channelOfSettings(
  {connection}: Session,
  prepared: Promise<TextResponse> | undefined,
  signal?: AbortSignal,
): Promise<ChannelData | undefined> {
  const response = await (prepared ?? connection.channelSettings(signal));
  // The signal does not end the prepared request. A channel that nobody waits for must not replace a newer one.
  if (signal?.aborted) throw interruption(signal);
  if (response.status === 404) return undefined;
  const answer = {...response, text: quoteChannelHash(response.text)};
  return channelDataOfSettings(readJson('channel settings', connection.settingsUrl, answer));
}
