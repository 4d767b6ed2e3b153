import {setTimeout} from 'node:timers/promises';
import {renderDocument} from '../../output/markdown/render-document.js';
import {canStrike} from '../../output/terminal/color.js';
import {openChat, set} from '../state/transitions.js';
import {type ChatSession, widthOf} from './chat-session.js';
import {countPoints} from './points.js';
import {lastReply} from './reply-notes.js';

/** What the command line names. */
export interface Start {
  bot?: string;
  chat?: string;
  /** The first message; '' for none. */
  message?: string;
}

/** How many messages of a continued chat are shown. */
const shownMessages = 6;

/** How long the chat waits for keys before it loads the code for the network, which blocks for 10 ms. */
const earlyKeysMs = 4;

/** Looks up the bot, and opens the chat to continue. @throws PoeError */
export async function openStart(session: ChatSession, {bot, chat}: Start): Promise<void> {
  await setTimeout(earlyKeysMs);
  if (chat !== undefined) await continueChat(session, chat);
  await switchBot(session, bot ?? session.store.getSnapshot().chat?.bot ?? undefined);
  // The balance may arrive later. It is never an error.
  void countPoints(session);
}

/** Opens a chat and prints its last messages. @throws PoeError */
export async function continueChat(session: ChatSession, name: string): Promise<void> {
  const {deps, store} = session;
  const {chat, messages} = await deps.chat(name);
  store.apply(openChat(chat, lastReply(messages)?.text ?? ''));
  const {localParts} = await import('../../output/transcript/transcript.js');
  const last = localParts(chat, messages.slice(-shownMessages));
  const options = {
    color: deps.color,
    canStrike: canStrike(deps.env),
    wrap: deps.isForScreenReader ? 'none' : deps.wrap,
    hasBoxes: !deps.isForScreenReader,
    width: widthOf(session) - 1,
  };
  store.print(`${await renderDocument(last, options)}\n`);
}

/** @throws PoeError if there is no such bot */
export async function switchBot({deps, store}: ChatSession, handle: string | undefined): Promise<void> {
  const bot = await deps.bot(handle);
  // Each bot has parameters of its own.
  const isSame = bot.handle === store.getSnapshot().bot?.handle;
  store.apply(set(isSame ? {bot} : {bot, parameters: {}}));
}
