import * as v from 'valibot';

/** A part of a reply in Anthropic's format, as it must be sent back: thoughts are signed. */
export const ReplyBlock = v.variant('type', [
  v.object({type: v.literal('text'), text: v.string()}),
  v.object({type: v.literal('thinking'), thinking: v.string(), signature: v.string()}),
  v.object({type: v.literal('redacted_thinking'), data: v.string()}),
]);
export type ReplyBlock = v.InferOutput<typeof ReplyBlock>;

/** Whether a reply must be stored in parts: its text alone does not say all of it. */
export const hasThoughts = (blocks: readonly ReplyBlock[]): boolean => blocks.some(({type}) => type !== 'text');
