import {PoeError} from '../core/errors.js';
import type {Chat} from '../core/model.js';
import {handleOf} from '../core/names/bot-name.js';
import {type ChatRef, chatName, isLocalCode, localCodeOf} from '../core/names/chat-ref.js';
import type {SendOptions} from '../core/options.js';
import type {Reply, ReplyResult} from '../core/reply.js';
import {videoProgress} from '../output/format/video-progress.js';
import {points as pointsText} from '../output/format/numbers.js';
import {sanitizeLine} from '../output/terminal/sanitize.js';
import type {BotsPrice} from '../context/spending/bots-price.js';
import type {AllowedFile} from './files/allowed-files.js';
import {approve, expectedText} from './spending/approve.js';
import type {ToolCall} from './tools/tool.js';

export interface Message {
  prompt: string;
  bot: string | undefined;
  chat?: string | undefined;
  files: readonly AllowedFile[];
  parameters: Readonly<Record<string, string>>;
  effort?: SendOptions['effort'];
  maxPoints?: number | undefined;
}

/** A reply that is complete, and what it has cost. */
export interface PaidReply {
  reply: ReplyResult;
  price: BotsPrice;
  /** Points; null if Poe has not reported them. */
  cost: number | null;
  /** Points that the budget leaves; null without a budget. */
  budgetLeft: number | null;
}

/**
 * Sends a message if its price is acceptable, and waits for the reply.
 * @throws PoeError; with what has arrived of the reply, if anything has
 */
export async function sendAndFollow(call: ToolCall, message: Message): Promise<PaidReply> {
  const {host, signal, progress} = call;
  const {prompt, files, parameters, effort} = message;
  const chat = message.chat === undefined ? undefined : await host.chat(message.chat);
  const options = await host.withSettings<SendOptions>({
    bot: message.bot,
    chat,
    ...(Object.keys(parameters).length > 0 && {parameters}),
    ...(effort && {effort}),
  });
  // So that what is approved is what is asked.
  const bot = handleOf(options.bot ?? (await botOf(call, chat)));
  const context = chat ? await contextOf(call, chat) : '';
  const maxTokens = Number(parameters['max_tokens']) || undefined;
  const price = await approve(call, {
    bots: [bot],
    prompt,
    via: await host.client.backendFor(options),
    context,
    maxTokens,
    maxPoints: message.maxPoints,
    copies: Math.max(1, Number(parameters['n']) || 1),
    files: files.map(({name}) => name),
  });
  progress.update(`Asking ${sanitizeLine(bot)}`);
  const reply = await host.client.send(prompt, {
    ...options,
    maxPoints: lower(options.maxPoints, message.maxPoints),
    // Exactly the bot that was approved.
    bot,
    files: files.map(({open, name}) => ({content: open(), name, label: name})),
    signal,
  });
  const result = await follow(reply, call);
  const cost = await costOf(reply, signal);
  return {reply: result, price, cost, budgetLeft: await budgetLeft(call)};
}

/** A model cannot raise the user's limit. */
const lower = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);

/** Waits for a reply, and tells the client how far it is. @throws PoeError with the part that has arrived */
async function follow(reply: Reply, {progress}: ToolCall): Promise<ReplyResult> {
  const bot = sanitizeLine(reply.bot);
  try {
    for await (const event of reply) {
      if (event.type === 'progress') progress.update(`${bot} is ${videoProgress(event)}`);
      else if (event.type === 'reasoning' && reply.text === '') progress.update(`${bot} is thinking`);
      else progress.update(`${bot} has written ${reply.text.length.toLocaleString('en-US')} characters`);
    }
    const result = await reply.result();
    if (result.state !== 'cancelled') return result;
    throw new PoeError('bot_failed', 'The reply was cancelled before it was complete');
  } catch (error) {
    throw error instanceof PoeError ? new PartialReplyError(error, reply.current) : error;
  }
}

/** A failure after the message was accepted, with what has arrived of the reply. */
export class PartialReplyError extends Error {
  override readonly name = 'PartialReplyError';

  constructor(
    readonly error: PoeError,
    readonly reply: ReplyResult,
  ) {
    super(error.message, {cause: error});
  }
}

/** The bot that answers if none is named. */
async function botOf({host: {client}, signal}: ToolCall, chat: ChatRef | Chat | undefined): Promise<string> {
  const own = chat && (await client.chats.find(chat, {signal})).bot;
  return own ?? (await client.account.defaultBot({signal})).handle;
}

/** The texts that are sent along: the API gets all messages of a chat each time. */
async function contextOf({host: {client}, signal}: ToolCall, chat: ChatRef | Chat): Promise<string> {
  if (!isLocalCode(localCodeOf(chat)) || !isLocalCode(chatName(chat))) return '';
  const {messages} = await client.chats.read(chat, {signal});
  let text = '';
  for await (const message of messages) text += message.text;
  return text;
}

/** A cost that cannot be had is unknown. */
async function costOf(reply: Reply, signal: AbortSignal): Promise<number | null> {
  const known = reply.current.points.cost;
  if (known !== null) return known;
  try {
    return (await reply.cost({signal})).points;
  } catch (error) {
    if (error instanceof PoeError && error.code !== 'interrupted') return null;
    throw error;
  }
}

/** What is left of the budget is not worth losing a reply that is paid. */
async function budgetLeft({host: {client}, signal}: ToolCall): Promise<number | null> {
  try {
    const budget = await client.budget.get({signal});
    return budget && Math.floor(budget.left);
  } catch (error) {
    if (error instanceof PoeError && error.code !== 'interrupted') return null;
    throw error;
  }
}

/** "Cost: 20 points (expected: about 15 points). Left of the budget: 480 points." */
export function costText({price, cost, budgetLeft}: Omit<PaidReply, 'reply'>): string {
  const paid = cost === null ? 'not reported yet' : pointsText(cost);
  const left = budgetLeft === null ? '' : ` Left of the budget: ${pointsText(budgetLeft)}.`;
  return `Cost: ${paid} (expected: ${expectedText(price)}).${left}`;
}
