import * as v from 'valibot';
import {parseJson} from '../../http/json.js';

const Data = v.object({
  minSeq: v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
  channel: v.string(),
  /** Grants access to the channel's events, so it is a secret. */
  channelHash: v.string(),
  boxName: v.string(),
  baseHost: v.string(),
});

/** How to connect to a live channel. */
export type ChannelData = v.InferOutput<typeof Data>;

const Settings = v.object({tchannelData: Data});

/** @param json the parsed body of `/api/settings`, read through `quoteChannelHash` */
export function channelDataOfSettings(json: unknown): ChannelData | undefined {
  const settings = v.safeParse(Settings, json);
  return settings.success ? settings.output.tchannelData : undefined;
}

/** Finds the live channel in the data of the home page (seen since 2026-03). */
export function channelDataOfPage(html: string): ChannelData | undefined {
  // If the data is inside a script's string, its quotes are escaped.
  for (const text of [html, html.replaceAll('\\"', '"')]) {
    const name = /"tchannelData"\s*:\s*(?=\{)/.exec(text);
    const object = name && objectAt(text, name.index + name[0].length);
    const parsed = v.safeParse(Data, object ? parseJson(quoteChannelHash(object)) : undefined);
    if (parsed.success) return parsed.output;
  }
  return undefined;
}

/** The hash has more digits than a JavaScript number can hold, so it must be parsed as a string. */
export const quoteChannelHash = (json: string): string => json.replaceAll(/("channelHash"\s*:\s*)(\d+)/g, '$1"$2"');

const maxObjectLength = 20_000;

/** The text of the JSON object that begins at `start`; undefined if it is unterminated or too long. */
function objectAt(text: string, start: number): string | undefined {
  const parts = /"(?:[^"\\]|\\.)*"|[{}]/gs;
  let depth = 0;
  for (const {0: part, index} of text.slice(start, start + maxObjectLength).matchAll(parts)) {
    if (part === '{') depth++;
    if (part === '}' && --depth === 0) return text.slice(start, start + index + 1);
  }
  return undefined;
}
