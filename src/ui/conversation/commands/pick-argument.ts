import {asWord} from '../../attachments/mention.js';
import type {PickOptions} from '../../menu/picker-state.js';
import {botSource} from '../../menu/sources/bots.js';
import {chatSource} from '../../menu/sources/chats.js';
import {commandSource} from '../../menu/sources/commands.js';
import {fileSource} from '../../menu/sources/files.js';
import {aliases} from '../../slash-commands/chat-commands.js';
import type {ChatSession} from '../chat-session.js';

/** What a command without its argument offers to choose from, and the command line that results. */
interface Pickable extends PickOptions {
  toLine(value: string): string;
}

/**
 * Has the user choose the argument of a command that was typed without it.
 * @returns undefined for all other messages; otherwise the complete command, or undefined if nothing is chosen
 */
export function pickArgument(session: ChatSession, text: string): Promise<string | undefined> | undefined {
  const [, name] = /^\/([a-z]*)\s*$/.exec(text) ?? [];
  const pickable = name === undefined ? undefined : pickables[aliases[name] ?? name]?.(session);
  return pickable && session.pick(pickable).then((value) => (value === undefined ? undefined : pickable.toLine(value)));
}

const pickables: Record<string, ((session: ChatSession) => Pickable | undefined) | undefined> = {
  // Where there are menus, a slash alone opens one while it is typed.
  '': ({deps, store}) => {
    const {hasMenus, chat, lastReply} = store.getSnapshot();
    const now = {hasChat: chat !== undefined, hasReply: lastReply !== ''};
    const toLine = (value: string) => value.trim();
    return hasMenus ? undefined : {title: 'Commands', source: commandSource(deps, now), toLine};
  },
  bot: ({deps, store}) => ({
    title: 'Choose a bot',
    source: botSource(deps, {current: store.getSnapshot().bot?.handle}),
    acceptsText: true,
    toLine: (handle) => `/bot ${asWord(handle)}`,
  }),
  compare: ({deps}) => ({
    title: 'Choose a bot to ask the last question',
    source: botSource(deps, {current: undefined}),
    acceptsText: true,
    toLine: (handle) => `/compare ${asWord(handle)}`,
  }),
  chat: ({deps}) => ({
    title: 'Choose a chat to continue',
    source: chatSource(deps),
    acceptsText: true,
    toLine: (chat) => `/chat ${asWord(chat)}`,
  }),
  template: ({deps}) => ({
    title: 'Choose a template',
    source: {
      async *load() {
        const templates = await deps.templates();
        yield templates.map(({name, description}) => ({value: name, label: name, detail: description}));
      },
    },
    toLine: (name) => `/template run ${asWord(name)}`,
  }),
  file: () => ({
    title: 'Choose a file to attach',
    source: fileSource({query: '', hasAt: false}),
    acceptsText: true,
    toLine: (path) => `/file ${path.trim()}`,
  }),
};
