import type {Id} from '../../core/names/id.js';
import type {KnowledgeSource} from '../../core/own-bots.js';
import type {KnowledgeFile} from '../bot-folder/bot-folder.js';
import type {StoredKnowledge} from './push-state.js';

/** A file of `knowledge/`, with the hash of its content. */
export interface HashedFile extends KnowledgeFile {
  sha256: string;
}

/** What has to be done so that the bot knows the files of its folder, and nothing that was removed from it. */
export interface KnowledgePlan {
  /** Sent for the first time, or again because Poe no longer has them. */
  added: HashedFile[];
  /** Texts that are replaced on Poe, and files that replace others. */
  changed: {file: HashedFile; id: Id; isAttached: boolean}[];
  removed: {name: string; id: Id}[];
  /** Sent by a push that was interrupted before the bot knew them. */
  unattached: StoredKnowledge[];
  /** Sources of the bot that do not come from this folder. They stay. */
  foreign: KnowledgeSource[];
}

/** Poe gets only the name of a file, where slashes are replaced. */
const titleOf = ({name, isText}: KnowledgeFile): string => (isText ? name : name.replaceAll('/', '_'));

/**
 * @param stored what earlier pushes have sent
 * @param sources what the bot knows
 */
export function planKnowledge(
  files: readonly HashedFile[],
  stored: readonly StoredKnowledge[],
  sources: readonly KnowledgeSource[],
): KnowledgePlan {
  const plan: KnowledgePlan = {added: [], changed: [], removed: [], unattached: [], foreign: []};
  const onPoe = new Map(sources.map((source) => [String(source.knowledgeSourceId), source]));
  const entries = new Map(stored.map((entry) => [entry.name, entry]));
  const own = new Set(stored.flatMap(({id, replaces = []}) => [id, ...replaces].map(String)));
  for (const file of files) {
    const entry = entries.get(file.name);
    const isAttached = entry !== undefined && onPoe.has(String(entry.id));
    // One that no bot knows cannot be looked up; Poe keeps it.
    const exists = isAttached || entry?.isAttached === false;
    if (entry && exists && entry.sha256 !== file.sha256) plan.changed.push({file, id: entry.id, isAttached});
    else if (entry && exists && !isAttached) plan.unattached.push(entry);
    else if (!entry || !exists) {
      // A source with the name of the file, which another folder or a lost state has sent. Its content is not known.
      const [same, ...copies] = sources.filter(
        ({title, knowledgeSourceId: id}) => title === titleOf(file) && !own.has(String(id)),
      );
      if (!same) plan.added.push(file);
      else plan.changed.push({file, id: same.knowledgeSourceId, isAttached: true});
      for (const source of same ? [same, ...copies] : []) own.add(String(source.knowledgeSourceId));
      plan.removed.push(...copies.map(({knowledgeSourceId: id}) => ({name: file.name, id})));
    }
  }
  const names = new Set(files.map(({name}) => name));
  for (const {name, id} of stored) if (!names.has(name) && onPoe.has(String(id))) plan.removed.push({name, id});
  const replaced = stored.flatMap(({name, replaces = []}) => replaces.map((id) => ({name, id})));
  plan.removed.push(...replaced.filter(({id}) => onPoe.has(String(id))));
  plan.foreign = sources.filter(({knowledgeSourceId: id}) => !own.has(String(id)));
  return plan;
}
