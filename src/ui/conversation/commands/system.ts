import type {Chat} from '../../../core/model.js';
import {set, showNotice} from '../../state/transitions.js';
import {type ChatSession, nameOf} from '../chat-session.js';

/** Sets the instructions for the bot, and says when they apply. Without a text, shows them. */
export async function setSystem({deps, store}: ChatSession, text: string): Promise<void> {
  const {system, chat} = store.getSnapshot();
  if (text === '') {
    return store.apply(
      showNotice(system === undefined ? 'Usage: /system <text>, or /system off' : `Instructions: ${system}`),
    );
  }
  if (text === 'off') {
    store.apply(set({system: undefined, systemSentTo: undefined}));
    return store.apply(showNotice('New chats start without instructions.'));
  }
  store.apply(set({system: text, systemSentTo: undefined}));
  store.apply(showNotice(whenTheyApply(await deps.isLocal(chat), chat)));
}

/** Takes the instructions of the command line. What may surprise is said: on poe.com they are part of a message. */
export async function startWithSystem({deps, store}: ChatSession, system: string): Promise<void> {
  const {chat} = store.getSnapshot();
  store.apply(set({system}));
  if (!(await deps.isLocal(chat))) store.apply(showNotice(whenTheyApply(false, chat)));
}

function whenTheyApply(isLocal: boolean, chat: Chat | undefined): string {
  if (isLocal) return 'The bot gets these instructions with your next message, and in new chats.';
  const how = 'will precede your first message, because poe.com has no system prompts.';
  return chat ? `In a new chat (/new), these instructions ${how}` : `These instructions ${how}`;
}

/** The instructions to send with the next message of a chat: each chat gets them once. */
export async function systemFor({deps, store}: ChatSession, chat: Chat | undefined): Promise<string | undefined> {
  const {system, systemSentTo} = store.getSnapshot();
  if (system === undefined || !chat) return system;
  return nameOf(chat) !== systemSentTo && (await deps.isLocal(chat)) ? system : undefined;
}
