import {countTokens} from '../../core/spending/count-tokens.js';
import type {Attachment} from '../../core/model.js';
import type {TokenUsage} from '../../core/reply.js';

/** A complete reply, as all formats need it. */
export interface WrittenReply {
  text: string;
  /** '' for none. */
  reasoning: string;
  usage: WrittenUsage;
}

export interface WrittenUsage {
  promptTokens: number;
  completionTokens: number;
  /** What the reply cost, if it is known. */
  points: number | null;
}

/** Writes a reply in one of the formats. */
export interface FormatWriter {
  /** The whole reply, if it is not streamed. */
  whole(reply: WrittenReply): object;
  /** The events of a stream, in order: one `start`, any number of pieces, then one `end`. */
  start(): string;
  text(piece: string): string;
  reasoning(piece: string): string;
  end(reply: WrittenReply): string;
  /** May be sent at any time, so that the connection is not taken for dead. */
  readonly ping: string;
}

/** An event in the way of server-sent events. OpenAI's chat completions have no names. */
export const sseEvent = (data: object, name?: string): string =>
  `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;

/** A comment, which clients ignore. */
export const sseComment = ': ping\n\n';

/** The numbers of tokens: those of Poe, or else estimates. @param prompt all that the caller sent */
export function usageOf(
  prompt: string,
  reply: {text: string; reasoning?: string | null; usage?: TokenUsage | null; points: {cost: number | null}},
): WrittenUsage {
  const {text, reasoning, usage, points} = reply;
  return {
    promptTokens: usage?.promptTokens ?? countTokens(prompt),
    completionTokens: usage?.completionTokens ?? countTokens(text) + countTokens(reasoning ?? ''),
    points: points.cost,
  };
}

/** The files of a reply that its text does not mention, as Markdown, because no format has a place for them. '' if there are none. */
export function linksToFiles(text: string, attachments: readonly Attachment[]): string {
  const links = attachments.flatMap(({name, url, mimeType}) => {
    if (url === null || !/^https?:/.test(url) || text.includes(url)) return [];
    return [`${mimeType?.startsWith('image/') ? '!' : ''}[${(name ?? 'file').replaceAll(/[[\]\n]/g, ' ')}](${url})`];
  });
  return links.length === 0 ? '' : `${text === '' ? '' : '\n\n'}${links.join('\n')}`;
}
