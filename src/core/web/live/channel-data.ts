import * as v from 'valibot';
import {PoeError} from '../../errors.js';
import {registerSecret} from '../../redact.js';
import {readJson} from '../protocol/response.js';
import {parseJson} from '../../http/json.js';
import type {Session} from '../session/session.js';

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
  if (named) return heldBack(named);
  const {http} = session;
  const url = new URL('/api/settings', http.site);
  const answer = await http.ask(url, {method: 'GET', name: 'channel settings', retry: true, signal});
  const settings =
    answer.status === 404
      ? undefined
      : v.safeParse(Settings, readJson('channel settings', url, {...answer, text: exact(answer.text)}));
  const data = settings?.success ? settings.output.tchannelData : await session.readChannelData(signal);
  if (data) return heldBack(data);
  throw new PoeError('not_understood', 'Poe names no live channel in its settings', {
    hint: 'The site may have changed: look for a newer version of poe.',
  });
}

/** Its hash is what lets one listen. */
function heldBack(data: ChannelData): ChannelData {
  registerSecret(data.channelHash);
  return data;
}

/** The live channel that a page names in its data (seen since 2026-03). */
export function channelDataIn(html: string): ChannelData | undefined {
  // Where the data stand in a script's string, their quotes are escaped.
  for (const text of [html, html.replaceAll('\\"', '"')]) {
    const name = /"tchannelData"\s*:\s*(?=\{)/.exec(text);
    const object = name && objectAt(text, name.index + name[0].length);
    const parsed = v.safeParse(Data, object ? parseJson(exact(object)) : undefined);
    if (parsed.success) return parsed.output;
  }
  return undefined;
}

/** The hash has more digits than a number in JavaScript: should it come as one, it is read as a text. */
const exact = (json: string): string => json.replaceAll(/("channelHash"\s*:\s*)(\d+)/g, '$1"$2"');

const longestObject = 20_000;

/** The text of the object that begins at a place; undefined where it does not end. */
function objectAt(text: string, start: number): string | undefined {
  const parts = /"(?:[^"\\]|\\.)*"|[{}]/gs;
  let depth = 0;
  for (const {0: part, index} of text.slice(start, start + longestObject).matchAll(parts)) {
    if (part === '{') depth++;
    if (part === '}' && --depth === 0) return text.slice(start, start + index + 1);
  }
  return undefined;
}
