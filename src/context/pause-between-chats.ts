import {setTimeout} from 'node:timers/promises';
import {interruption} from '../core/errors.js';
import {isLoopback, parseUrl} from '../core/http/url.js';
import type {Id} from '../core/names/id.js';
import type {Chat} from '../core/model.js';
import {isLocalChat} from '../core/names/chat-ref.js';

const pauseMs = 1_000;

/** Waits a second, unless the chat or the site is on this machine. @throws PoeError `interrupted` */
export async function pauseBetweenChats(
  chat: Chat | {chatId: Id},
  siteUrl: string,
  signal: AbortSignal,
): Promise<void> {
  if (('id' in chat && isLocalChat(chat)) || isLoopback(parseUrl(siteUrl)?.hostname ?? '')) return;
  await setTimeout(pauseMs, undefined, {signal}).catch(() => {
    throw interruption(signal);
  });
}
