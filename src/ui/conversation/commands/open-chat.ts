import {setTimeout} from 'node:timers/promises';
import {isUserMessage} from '../../../core/message.js';
import type {Message} from '../../../core/model.js';
import {sanitizeLine} from '../../../output/terminal/sanitize.js';
import {textOf} from '../../../output/transcript/labels.js';
import {openChat, set} from '../../state/transitions.js';
import {type ChatSession, replySink, widthOf, within} from '../chat-session.js';
import {closeOpening} from '../opening.js';
import {countPoints} from '../points.js';
import {startWithSystem} from './system.js';
import {fileNotes, lastReply} from '../reply/reply-notes.js';
import {notesBelow, questionLines, replyHeader} from '../../text/transcript-lines.js';

/** What the command line names. */
export interface Start {
  bot?: string;
  chat?: string;
  /** The first message; '' for none. */
  message?: string;
  /** Instructions for the bot. */
  system?: string | undefined;
}

/** How long the last messages of a chat wait for the price of its bot, which is above them. */
const maxPriceMs = 300;

/** How long the chat waits for keys before it loads the code for the network, which blocks for 10 ms. */
const earlyKeysMs = 4;

/** Looks up the bot, and opens the chat to continue. @throws PoeError */
export async function openStart(session: ChatSession, {bot, chat, system}: Start): Promise<void> {
  await setTimeout(earlyKeysMs);
  const messages = chat === undefined ? [] : await openNamed(session, chat);
  const {priced} = await switchBot(session, bot ?? session.store.getSnapshot().chat?.bot ?? undefined);
  session.store.apply(set({isStarting: false}));
  if (session.deps.isForScreenReader) closeOpening(session);
  else void priced.then(() => closeOpening(session));
  if (system) await startWithSystem(session, system);
  if (messages.length > 0 && !session.deps.isQuiet) await within(maxPriceMs, priced);
  await showLastExchange(session, messages);
  // The balance may arrive later. It is never an error.
  void countPoints(session);
}

/** Opens a chat and prints its last exchange. @throws PoeError */
export async function continueChat(session: ChatSession, name: string): Promise<void> {
  await showLastExchange(session, await openNamed(session, name));
}

/** @returns the last messages of the chat */
async function openNamed({deps, store}: ChatSession, name: string): Promise<Message[]> {
  const {chat, messages} = await deps.chat(name);
  store.apply(openChat(chat, lastReply(messages)?.text ?? ''));
  return messages;
}

/** Prints the last question and its replies in the form in which they were shown live. */
async function showLastExchange(session: ChatSession, messages: readonly Message[]): Promise<void> {
  const {store, theme} = session;
  const {title} = store.getSnapshot().chat ?? {};
  if (messages.length > 0) closeOpening(session);
  if (title && messages.length > 0) store.print(`${theme.dim(`Continuing ${sanitizeLine(title)}`)}\n\n`);
  const first = messages.findLastIndex(isUserMessage);
  for (const message of messages.slice(Math.max(0, first))) {
    if (isUserMessage(message)) printQuestion(session, message);
    else await printReply(session, message);
  }
}

function printQuestion({deps, store, theme}: ChatSession, message: Message): void {
  const files = message.attachments.map(({name, url}) => ({name: name ?? url ?? 'file', source: '', size: undefined}));
  store.print(`${questionLines(textOf(message), files, {columns: widthOf({deps}), theme})}\n`);
}

async function printReply(session: ChatSession, message: Message): Promise<void> {
  const {deps, store, theme} = session;
  const {chat} = store.getSnapshot();
  store.print(replyHeader(message.bot?.displayName ?? chat?.bot ?? 'Bot', theme));
  const {showText} = await import('../reply/show-reply.js');
  await showText(textOf(message), message, replySink(session), deps);
  const notes = fileNotes(message);
  if (notes.length > 0) store.print(`${notesBelow(notes, {columns: widthOf(session), theme})}\n`);
}

/**
 * @returns what settles when the price of the bot is known, or is not found
 * @throws PoeError if there is no such bot
 */
export async function switchBot(session: ChatSession, handle: string | undefined): Promise<{priced: Promise<void>}> {
  const {deps, store} = session;
  const bot = await deps.bot(handle);
  // Each bot has parameters of its own.
  const isSame = bot.handle === store.getSnapshot().bot?.handle;
  store.apply(set(isSame ? {bot} : {bot, parameters: {}}));
  const isPriced = bot.price !== null || Boolean(bot.rates);
  // The chat does not wait for it.
  return {priced: isPriced ? Promise.resolve() : showListedPrice(session, bot.handle)};
}

async function showListedPrice({deps, store}: ChatSession, handle: string): Promise<void> {
  // Without the list, the price stays unknown.
  const listed = await deps.listedPrice?.(handle, deps.signal).catch(() => null);
  const {bot} = store.getSnapshot();
  if (listed && bot?.handle === handle) store.apply(set({bot: {...bot, ...listed}}));
}
