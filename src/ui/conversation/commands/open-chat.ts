import {setTimeout} from 'node:timers/promises';
import {isUserMessage} from '../../../core/message.js';
import type {Message} from '../../../core/model.js';
import {sanitizeLine} from '../../../output/terminal/sanitize.js';
import {textOf} from '../../../output/transcript/labels.js';
import {openingLines} from '../../text/opening.js';
import {openChat, set} from '../../state/transitions.js';
import {type ChatSession, replySink, widthOf} from '../chat-session.js';
import {countPoints} from '../points.js';
import {startWithSystem} from './system.js';
import {fileNotes, lastReply} from '../reply/reply-notes.js';
import {questionLines, replyHeader} from '../../text/transcript-lines.js';

/** What the command line names. */
export interface Start {
  bot?: string;
  chat?: string;
  /** The first message; '' for none. */
  message?: string;
  /** Instructions for the bot. */
  system?: string | undefined;
}

/** How long the chat waits for keys before it loads the code for the network, which blocks for 10 ms. */
const earlyKeysMs = 4;

/** Looks up the bot, and opens the chat to continue. @throws PoeError */
export async function openStart(session: ChatSession, {bot, chat, system}: Start): Promise<void> {
  await setTimeout(earlyKeysMs);
  const messages = chat === undefined ? [] : await openNamed(session, chat);
  await switchBot(session, bot ?? session.store.getSnapshot().chat?.bot ?? undefined);
  endStart(session);
  if (system) await startWithSystem(session, system);
  await showLastExchange(session, messages);
  // The balance may arrive later. It is never an error.
  void countPoints(session);
}

/** Prints the opening lines, once, with what is known of the bot. */
export function endStart({deps, store, theme}: ChatSession): void {
  const {isStarting, bot, isTemporary} = store.getSnapshot();
  if (!isStarting) return;
  store.apply(set({isStarting: false}));
  if (deps.isQuiet || deps.isDumb) return;
  const lines = openingLines(deps.account, bot, {columns: widthOf({deps}), theme, isTemporary});
  store.print(lines.map((line) => `${line}\n`).join(''));
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
  if (notes.length > 0) store.print(`${theme.dim(notes.join('\n'))}\n\n`);
}

/** @throws PoeError if there is no such bot */
export async function switchBot(session: ChatSession, handle: string | undefined): Promise<void> {
  const {deps, store} = session;
  const bot = await deps.bot(handle);
  // Each bot has parameters of its own.
  const isSame = bot.handle === store.getSnapshot().bot?.handle;
  store.apply(set(isSame ? {bot} : {bot, parameters: {}}));
  // The chat does not wait for it.
  if (bot.price === null && !bot.rates) void showListedPrice(session, bot.handle);
}

async function showListedPrice({deps, store}: ChatSession, handle: string): Promise<void> {
  // Without the list, the price stays unknown.
  const listed = await deps.listedPrice?.(handle, deps.signal).catch(() => null);
  const {bot} = store.getSnapshot();
  if (listed && bot?.handle === handle) store.apply(set({bot: {...bot, ...listed}}));
}
