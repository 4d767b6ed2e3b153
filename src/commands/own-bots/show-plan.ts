import type {FieldChange} from '../../context/own-bots/plan.js';
import type {PreparedPush} from '../../context/own-bots/push-bot.js';
import {keyVariableOf, shownName, shownValue} from '../../context/own-bots/settings-of-folder.js';
import {changedLines} from './changed-lines.js';

type Shown = Pick<PreparedPush, 'folder' | 'plan'>;

/** What a push creates, changes and removes, by name. `changes` has the values of settings that change; null if unknown. */
export interface PlanResult {
  created: string[];
  changed: string[];
  removed: string[];
  changes: {field: string; from: unknown; to: unknown}[];
}

export function planResult({folder, plan}: Shown): PlanResult {
  const {bot, renamedFrom, changes, knowledge} = plan;
  const {handle} = folder.settings;
  const fields = changes.map(({field, from, to}) => ({
    field: shownName(field, folder.settings),
    from: from === undefined ? null : shownValue(field, from),
    to: shownValue(field, to),
  }));
  const renamed = renamedFrom === undefined ? [] : [{field: 'handle', from: renamedFrom, to: handle}];
  return {
    created: [...(bot ? [] : [handle]), ...knowledge.added.map(({name}) => `knowledge/${name}`)],
    changed: [
      ...[...renamed, ...fields].map(({field}) => field),
      ...knowledge.changed.map(({file}) => `knowledge/${file.name}`),
      ...knowledge.unattached.map(({name}) => `knowledge/${name}`),
    ],
    removed: knowledge.removed.map(({name}) => `knowledge/${name}`),
    changes: [...renamed, ...fields],
  };
}

/** The plan as lines: `+` is created, `~` changed, `-` removed. */
export function planLines({folder, plan}: Shown): string[] {
  const {bot, renamedFrom, knowledge} = plan;
  const {handle, category, visibility = 'private'} = folder.settings;
  return [
    ...(bot ? [] : [`+ ${handle} (${category}, ${visibility})`]),
    ...keyLines(folder),
    ...(renamedFrom === undefined ? [] : [`~ handle: ${renamedFrom} → ${handle}`]),
    ...plan.changes.flatMap((change) => changeLines(change, folder)),
    ...knowledge.added.map(({name, size}) => `+ knowledge/${name} (${size.toLocaleString('en-US')} bytes)`),
    ...knowledge.changed.map(({file}) => `~ knowledge/${file.name}`),
    ...knowledge.unattached.map(({name}) => `~ knowledge/${name} (sent before; the bot does not know it yet)`),
    ...knowledge.removed.map(({name}) => `- knowledge/${name}`),
  ];
}

/** Which key is sent, and where Poe will use it: the folder may come from somebody else. */
function keyLines({settings}: PreparedPush['folder']): string[] {
  const {server_url: server, endpoint} = settings;
  const variable = keyVariableOf(settings);
  return variable === undefined ? [] : [`  Poe gets the key in ${variable} for ${endpoint?.base_url ?? server ?? ''}`];
}

/** The lines for a setting that changes. */
export function changeLines({field, from, to}: FieldChange, {settings}: PreparedPush['folder']): string[] {
  const name = shownName(field, settings);
  if (to === undefined) return [`~ ${name} (Poe does not show it)`];
  const [before, after] = [shownValue(field, from), shownValue(field, to)];
  if (field === 'prompt') {
    const [old, current] = [from, to].map((text) => (typeof text === 'string' ? text.trimEnd() : ''));
    if (!old || old.startsWith('sha256:')) return [`~ ${name}`];
    return [`~ ${name}`, ...changedLines(old, current ?? '').map((line) => `    ${line}`)];
  }
  return [`~ ${name}: ${from === undefined ? '(not known)' : inYaml(before)} → ${inYaml(after)}`];
}

/** A value on one line. */
const inYaml = (value: unknown): string =>
  value === null ? '(none)' : typeof value === 'string' && /^[^\n\r]+$/.test(value) ? value : JSON.stringify(value);

/** Notes about what a push does not do. */
export function planNotes({plan: {knowledge}}: Shown): string[] {
  const count = knowledge.foreign.length;
  if (count === 0) return [];
  const names = knowledge.foreign.map(({title, knowledgeSourceId: id}) => title ?? id).join(', ');
  return [`The bot keeps ${count === 1 ? 'a source' : `${count} sources`} of knowledge not from this folder: ${names}`];
}
