import {jsonIn} from '../../output/format/find-json.js';
import type {JsonFormat} from '../formats/chat-request.js';

/** A message with instructions for a reply in JSON. Without a schema, programs give them themselves. */
export function withJsonInstructions(text: string, {schema}: JsonFormat): string {
  if (schema === null) return text;
  const json = JSON.stringify(schema);
  return `${text}\n\nReply only with JSON that matches this JSON Schema, without any other text:\n${json}`;
}

/** The JSON of a reply without the text around it; the whole reply if it has none. */
export function jsonOf(reply: string): string {
  for (const {source, value} of jsonIn(reply)) if (typeof value === 'object' && value !== null) return source;
  return reply;
}
