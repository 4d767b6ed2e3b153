import {PoeError} from '../../errors.js';
import type {StoredMessage} from '../chats/chat-log.js';
import type {BotQuery} from './protocol.js';

/* Requests in Anthropic's format, which Poe has for official Claude bots. Only there do bots cache their prompts (April 2026). */

export const anthropicPath = '/v1/messages';
export const anthropicHeaders = {'anthropic-version': '2023-06-01'};
export const anthropicAccept = 'text/event-stream, application/json';

/** A block of a message. `cache_control` ends a part of the prompt that the provider caches. */
type Block = Record<string, unknown> & {cache_control?: {type: 'ephemeral'}};

interface Turn {
  role: 'user' | 'assistant';
  content: Block[];
}

/** The format requires a limit. This one is for bots whose limit is unknown; all Claude bots write that much. */
const defaultMaxTokens = 8192;
/** The least that Anthropic accepts. */
const minThinkingTokens = 1024;

/**
 * The body of a request. Poe rejects every field that is not part of the format. Earlier messages have the same bytes in every
 * request, or else the provider reads them again at the full price.
 * @param maxOutput the most tokens that the bot writes; null if it is unknown
 */
export function anthropicBody({bot, system, messages, parameters}: BotQuery, maxOutput: number | null): object {
  const {max_tokens: limit, stop, thinking_budget: budget, output_effort, reasoning_effort, ...others} = parameters;
  const effort = output_effort ?? reasoning_effort;
  const turns = toTurns(messages, bot);
  markForCache(turns);
  const thinking = typeof budget === 'number' && budget > 0 ? Math.max(budget, minThinkingTokens) : 0;
  const replyTokens = typeof limit === 'number' ? limit : (maxOutput ?? defaultMaxTokens);
  // The user limits the reply; this field also limits the thoughts.
  const mostTokens = Math.min(replyTokens + thinking, maxOutput ?? Number.POSITIVE_INFINITY);
  return {
    model: bot,
    max_tokens: Math.max(mostTokens, thinking + 1),
    stream: true,
    ...others,
    ...(stop !== undefined && {stop_sequences: [stop]}),
    ...(thinking > 0 && {thinking: {type: 'enabled', budget_tokens: thinking}}),
    ...(typeof effort === 'string' && effort !== 'none' && {output_config: {effort}}),
    ...(system !== undefined && {system: [{type: 'text', text: system, ...cached}]}),
    messages: turns,
  };
}

/** The parameters of bots that have a field in Anthropic's format. */
const translated: ReadonlySet<string> = new Set([
  'max_tokens',
  'stop',
  'temperature',
  'top_p',
  'top_k',
  'thinking_budget',
  'output_effort',
  'reasoning_effort',
]);

/** The name of a parameter that cannot be sent in this format; undefined if all can. */
export const untranslatable = (parameters: Readonly<Record<string, unknown>>): string | undefined =>
  Object.keys(parameters).find((name) => !translated.has(name));

/** @throws PoeError `usage` for a parameter that cannot be sent in this format */
export function checkAnthropicParameters(parameters: Readonly<Record<string, unknown>>): void {
  const name = untranslatable(parameters);
  if (name === undefined) return;
  throw new PoeError('usage', `The parameter ${name} cannot be sent with the protocol messages`, {
    hint: `It accepts: ${[...translated].join(', ')}. Use the protocol openai for all others.`,
  });
}

const cached = {cache_control: {type: 'ephemeral' as const}};

/**
 * Marks up to three places, so that with the system text there are at most four, which is Anthropic's limit: the last question
 * before this one, which the request before has cached; the reply to it; and this question, for the next request.
 */
function markForCache(turns: readonly Turn[]): void {
  for (const {content} of turns.slice(-3)) {
    // Thoughts cannot be marked.
    const last = content.findLast(({type}) => type !== 'thinking' && type !== 'redacted_thinking');
    if (last) Object.assign(last, cached);
  }
}

/** Messages without content, which the format does not allow, are left out. Successive messages of one side form one turn. */
function toTurns(messages: readonly StoredMessage[], bot: string): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    const role = message.author === 'human' ? 'user' : 'assistant';
    const content = toBlocks(message, bot);
    if (content.length === 0) continue;
    const before = turns.at(-1);
    if (before?.role === role) before.content.push(...content);
    else if (before || role === 'user') turns.push({role, content});
  }
  return turns;
}

function toBlocks({author, bot: writer, text, blocks, attachments = []}: StoredMessage, bot: string): Block[] {
  // Only the bot that has signed its thoughts can verify them.
  if (author === 'bot' && blocks && writer?.toLowerCase() === bot.toLowerCase())
    return blocks.map((block) => ({...block}));
  const files = author === 'human' ? attachments.filter(({url}) => url !== null) : [];
  const content = text.trim() === '' ? [] : [{type: 'text', text}];
  return [...files.map(({name, url, mimeType}) => fileBlock(name, url, mimeType)), ...content];
}

/** Images and PDF documents are read from their URLs. Other files are only named. */
function fileBlock(name: string | null, url: string | null, mimeType: string | null): Block {
  if (mimeType?.startsWith('image/')) return {type: 'image', source: {type: 'url', url}};
  if (mimeType === 'application/pdf') return {type: 'document', source: {type: 'url', url}};
  return {type: 'text', text: `[${name ?? 'file'}](${url})`};
}
