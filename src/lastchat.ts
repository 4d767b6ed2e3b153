import {PoeError} from './core/errors.js';
import type {Chat} from './core/model.js';
import {isLocalChat} from './core/official/localcode.js';
import type {Sending} from './core/web/arrival.js';
import type {ChatRef} from './core/web/chats.js';
import {isSameChat, isSameHome} from './home.js';
import type {LastChat, Profile} from './store.js';

/** Messages on their way are remembered up to this number; the oldest are forgotten first. */
const mostSendings = 20;

interface Surroundings {
  profile: () => string;
  site: () => Promise<string>;
  read: () => Promise<Profile>;
  /** That it cannot be written is no failure. */
  change: (change: (profile: Profile) => Profile) => Promise<void>;
  /** Looks for a message on Poe; undefined where there is no way to look. */
  find: () => Promise<((sending: Sending) => Promise<Chat | undefined>) | undefined>;
  note: (text: string) => void;
}

/** What `last` means: the chat that a profile used last, also where poe did not live to hear that its message was taken. */
export class LastChats {
  readonly #around: Surroundings;
  /** The messages of this run. */
  readonly #sent = new Set<string>();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** @throws PoeError `chat_not_found` where there is none */
  async last(): Promise<Chat> {
    const {read, site, profile} = this.#around;
    const unheard = await this.#unheardOf();
    if (unheard) return unheard;
    const {lastChat} = await read();
    if (lastChat && (isLocalChat(lastChat.chat) || isSameHome(lastChat.site, await site()))) return lastChat.chat;
    throw new PoeError('chat_not_found', `The profile ${profile()} has not used a chat yet`, {
      hint: 'Begin one with: poe "…". Or name a chat by its number, code or address; poe history lists them.',
    });
  }

  /** Makes a chat the last one. */
  async remember(chat: Chat): Promise<void> {
    const lastChat = {chat, site: await this.#around.site()};
    await this.#around.change((profile) => ({...this.#withoutSent(profile), lastChat}));
  }

  /** Keeps on disk what a message can be found by, before it leaves: should poe end now, `last` finds it. */
  async sending(sending: Sending): Promise<void> {
    const kept = {...sending, site: await this.#around.site()};
    this.#sent.add(sending.clientNonce);
    await this.#around.change((profile) => ({
      ...profile,
      sendings: [...(profile.sendings ?? []), kept].slice(-mostSendings),
    }));
  }

  /** What this run sent was not taken, so that nobody needs to look for it. */
  async notSent(): Promise<void> {
    if (this.#sent.size > 0) await this.#around.change((profile) => this.#withoutSent(profile));
  }

  async renamed(chat: Chat): Promise<void> {
    await this.#changeLast((last) => (last.chat.chatId === chat.chatId ? {...last, chat} : last));
  }

  /** A chat is gone, or all that are on Poe. */
  async forget(gone: ChatRef | Chat | 'on Poe'): Promise<void> {
    const isGone = (chat: Chat) => (gone === 'on Poe' ? !isLocalChat(chat) : isSameChat(chat, gone));
    await this.#changeLast((last) => (isGone(last.chat) ? undefined : last));
  }

  /** The chat of the newest message that left and was not heard of again. Those that did not arrive are told of and forgotten. */
  async #unheardOf(): Promise<Chat | undefined> {
    const {read, site, find, note} = this.#around;
    const here = await site();
    const sendings = ((await read()).sendings ?? []).filter((each) => isSameHome(each.site, here));
    const look = sendings.length > 0 ? await find() : undefined;
    if (!look) return undefined;
    for (const sending of sendings.toReversed()) {
      const chat = await look(sending);
      this.#sent.add(sending.clientNonce);
      if (chat) {
        await this.remember(chat);
        return chat;
      }
      note(`The message to ${sending.bot} of ${sending.sentAt}, which poe lost sight of, is not on Poe.`);
    }
    await this.notSent();
    return undefined;
  }

  #withoutSent({sendings, ...profile}: Profile): Profile {
    const left = sendings?.filter(({clientNonce}) => !this.#sent.has(clientNonce)) ?? [];
    return {...profile, ...(left.length > 0 && {sendings: left})};
  }

  async #changeLast(change: (last: LastChat) => LastChat | undefined): Promise<void> {
    const {lastChat} = await this.#around.read();
    const changed = lastChat && change(lastChat);
    if (changed === lastChat) return;
    await this.#around.change((profile) => ({...profile, lastChat: changed}));
  }
}
