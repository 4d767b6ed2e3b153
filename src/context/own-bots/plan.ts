import {isDeepStrictEqual} from 'node:util';
import type {OwnBot, OwnBotSettings} from '../../core/own-bots.js';
import type {KnowledgePlan} from './plan-knowledge.js';
import {plainText, type PushState, storable} from './push-state.js';
import {type Field, fieldsOf} from './settings-of-folder.js';

/** A setting that differs. `from` is undefined if it is not known. */
export interface FieldChange {
  field: Field;
  from: unknown;
  to: unknown;
}

/** What a push will do. */
export interface BotPlan {
  /** The bot on Poe; undefined if it will be created. */
  bot: OwnBot | undefined;
  /** The handle, if it changes. */
  renamedFrom: string | undefined;
  changes: FieldChange[];
  knowledge: KnowledgePlan;
  /** Settings that differ on Poe from what was pushed or pulled last, and from the folder. */
  conflicts: FieldChange[];
}

interface PlanFields {
  handle: string;
  local: OwnBotSettings;
  bot: OwnBot | undefined;
  state: PushState;
  knowledge: KnowledgePlan;
}

/** Compares a folder with its bot on Poe. */
export function planPush({handle, local, bot, state, knowledge}: PlanFields): BotPlan {
  if (!bot) return {bot, renamedFrom: undefined, changes: [], knowledge, conflicts: []};
  const shown = bot.settings;
  const changes = fieldsOf(local).flatMap((field): FieldChange[] => {
    const to = local[field];
    if (field in shown) {
      const isEqual = isSame(field, shown[field], to, state) || isAsPushed(field, shown[field], to, state);
      return isEqual ? [] : [{field, from: shown[field], to}];
    }
    // Poe does not tell it, so only the last push shows whether it has changed.
    const [{[field]: wanted}, sent] = [storable({[field]: to}), state.sent];
    return sent && isDeepStrictEqual(sent[field] ?? null, wanted) ? [] : [{field, from: sent?.[field], to}];
  });
  const isRenamed = bot.handle !== handle;
  return {
    bot,
    renamedFrom: isRenamed ? bot.handle : undefined,
    changes,
    knowledge,
    conflicts: isUnknown(state)
      ? changes
      : changes.filter(({field}) => field in shown && wasChangedOnPoe(field, shown, state)),
  };
}

/** Whether nothing is known of the bot: what Poe does not tell may differ, too. */
const isUnknown = ({seen, sent}: PushState): boolean => seen === null && sent === null;

/** Whether a setting on Poe is neither what was seen nor what was sent last. */
function wasChangedOnPoe(field: Field, shown: Partial<OwnBotSettings>, {seen, sent}: PushState): boolean {
  const now = storable(shown)[field];
  return ![seen, sent].some((known) => known !== null && field in known && isDeepStrictEqual(known[field], now));
}

/** Poe may store a value in another form. It is the same if neither side has changed since the last push. */
function isAsPushed(field: Field, shown: unknown, local: unknown, {seen, sent}: PushState): boolean {
  const is = (known: PushState['seen'], value: unknown) =>
    known !== null && field in known && isDeepStrictEqual(plain(storable({[field]: value})[field]), known[field]);
  return is(seen, shown) && is(sent, local);
}

function isSame(field: Field, shown: unknown, local: unknown, {sent}: PushState): boolean {
  if (field === 'baseBot') return String(shown).toLowerCase() === String(local).toLowerCase();
  if (field === 'prompt') return typeof shown === 'string' && plainText(shown) === local;
  if (field === 'endpoint') return isSameEndpoint(shown, local, sent?.[field]);
  return isDeepStrictEqual(plain(shown), plain(local));
}

/** Poe may add settings of its own, which a push does not remove. */
function isSameEndpoint(shown: unknown, local: unknown, sent: unknown): boolean {
  if (!isRecord(shown) || !isRecord(local)) return false;
  const names = Object.keys(shown).filter((name) => name in local || (isRecord(sent) && name in sent));
  return isDeepStrictEqual(plain(Object.fromEntries(names.map((name) => [name, shown[name]]))), plain(local));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** As JSON has it, without undefined fields and prototypes. */
const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

/** Whether a push has anything to do. */
export const isEmptyPlan = ({bot, renamedFrom, changes, knowledge}: BotPlan): boolean =>
  bot !== undefined &&
  renamedFrom === undefined &&
  changes.length + knowledge.added.length + knowledge.changed.length === 0 &&
  knowledge.removed.length + knowledge.unattached.length === 0;
