import type {ChatDeps} from '../chat-deps.js';
import {asWord} from '../attachments/mention.js';
import {chatCommands, validCommands} from '../slash-commands/chat-commands.js';
import type {CompletionKind} from '../slash-commands/slash-command.js';
import type {ChatState} from '../state/chat-state.js';
import type {MenuEntry} from './entry.js';
import type {Source} from './source.js';
import {botSource} from './sources/bots.js';
import {chatSource} from './sources/chats.js';
import {commandSource} from './sources/commands.js';
import {fileSource, outsideFolder} from './sources/files.js';
import {isSameTarget, type Target} from './target.js';

/** Where the entries for a part of the draft come from. @returns undefined if it cannot be completed */
export async function sourceFor(target: Target, deps: ChatDeps, state: ChatState): Promise<Source | undefined> {
  const {kind, query, command, index} = target;
  if (kind === 'file') return fileSource({query, hasAt: true});
  const now = {hasChat: state.chat !== undefined, hasReply: state.lastReply !== ''};
  if (kind === 'command') return commandSource(deps, now);
  const kinds = validCommands(await deps.commands(), now).find(({name}) => name === command)?.completes ?? [];
  const argument = kinds[Math.min(index, kinds.length - 1)];
  if (argument === undefined) return undefined;
  const source = argumentSources[argument](target, deps, state);
  const runs = argument !== 'files' && chatCommands.some(({name}) => name === command);
  return mapped(source, (entry) => ({...entry, value: argument === 'files' ? entry.value : asWord(entry.value), runs}));
}

/** Whether the entries for one target are also those for the other. */
export const isSameSource = (one: Target, other: Target): boolean =>
  isSameTarget(one, other) && outsideFolder(one.query) === outsideFolder(other.query);

const argumentSources: Record<CompletionKind, (target: Target, deps: ChatDeps, state: ChatState) => Source> = {
  bots: (_target, deps, {bot}) => botSource(deps, {current: bot?.handle}),
  chats: (_target, deps) => chatSource(deps),
  files: ({query}) => fileSource({query, hasAt: false}),
  categories: (_target, {known}) => ({
    async *load() {
      const {categories} = await known();
      yield categories.map((category) => ({value: category, label: category, detail: ''}));
    },
  }),
};

/** A source with other entries. */
function mapped(source: Source, change: (entry: MenuEntry) => MenuEntry): Source {
  const {search} = source;
  return {
    ...source,
    async *load(signal) {
      for await (const entries of source.load(signal)) yield entries.map(change);
    },
    ...(search && {search: {...search, run: async (query, signal) => (await search.run(query, signal)).map(change)}}),
  };
}
