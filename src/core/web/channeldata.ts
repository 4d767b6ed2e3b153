import * as v from 'valibot';
import {PoeError} from '../errors.js';
import {readJson} from './envelope.js';
import {parseJson} from './json.js';
import type {Session} from './session.js';

const Data = v.object({
  minSeq: v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
  channel: v.string(),
  channelHash: v.string(),
  boxName: v.string(),
  baseHost: v.string(),
});

/** Where a live channel is to be had. */
export type ChannelData = v.InferOutput<typeof Data>;

const Settings = v.object({tchannelData: Data});

/** A new live channel: what the page named when it was last read, else `/api/settings`, else the page. @throws PoeError */
export async function newChannelData(session: Session, signal?: AbortSignal): Promise<ChannelData> {
  const named = await session.takeChannelData(signal);
  if (named) return named;
  const {http} = session;
  const url = new URL('/api/settings', http.site);
  const answer = await http.ask(url, {method: 'get', name: 'channel settings', retry: true, signal});
  const settings = answer.status === 404 ? undefined : v.safeParse(Settings, readJson('channel settings', url, answer));
  const data = settings?.success ? settings.output.tchannelData : await session.readChannelData(signal);
  if (data) return data;
  throw new PoeError('not_understood', 'Poe names no live channel in its settings', {
    hint: 'The site may have changed: look for a newer version of poe.',
  });
}

/** The live channel that a page names in its data (seen since 2026-03). */
export function channelDataIn(html: string): ChannelData | undefined {
  const named = /"tchannelData"\s*:\s*(\{[^{}]*\})/;
  // Where the data stand in a script's string, their quotes are escaped.
  const text = (named.exec(html) ?? named.exec(html.replaceAll('\\"', '"')))?.[1];
  const parsed = v.safeParse(Data, text === undefined ? undefined : parseJson(text));
  return parsed.success ? parsed.output : undefined;
}
