import {Argument, Command} from 'commander';
import {DependentArgument} from '../../completion/dependent-argument.js';
import type {Context} from '../../context/context.js';
import {isSettingKey, type SettingKey, settingKeys, settings} from '../../context/settings/definitions.js';
import {requireSettingKey, toError} from '../../context/settings/settings.js';
import {PoeError} from '../../core/errors.js';
import type {Column} from '../../output/list/columns.js';
import {openEditor} from '../../output/terminal/programs/editor.js';
import {addExamples} from '../shared/options/examples.js';

export const config = (context: Context) =>
  addExamples(new Command('config'), [
    ['poe config set bot Claude-3.7-Sonnet', 'Start new chats with this bot'],
    ['poe config set theme light'],
    ['poe config edit'],
  ])
    .summary('Show or change settings on this machine')
    .description(
      'Show or change the settings on this machine: default options, colors and keys. Options override environment variables, which override these settings. They are in one JSON file. Settings of your account are changed with "poe settings".',
    )
    .action(() => list(context))
    .addCommand(
      new Command('list')
        .summary('List all settings')
        .description('List all settings with their values, or their defaults.')
        .action(() => list(context)),
    )
    .addCommand(
      new Command('get')
        .summary('Print a setting')
        .description('Print the value of a setting, or its default.')
        .addArgument(settingArgument())
        .action((name: string) => get(context, requireSettingKey(name))),
    )
    .addCommand(
      new Command('set')
        .summary('Change a setting')
        .description('Change a setting. "poe config list" shows all of them.')
        .addArgument(settingArgument())
        .addArgument(new DependentArgument('<value>', 'New value', valuesBySetting))
        .action((name: string, value: string) => set(context, requireSettingKey(name), value)),
    )
    .addCommand(
      new Command('unset')
        .summary('Reset a setting to its default')
        .description('Remove a setting from the file, so that its default applies.')
        .addArgument(settingArgument())
        .action((name: string) => unset(context, name)),
    )
    .addCommand(
      new Command('edit')
        .summary('Edit the settings in $EDITOR')
        .description('Open the file of settings in $EDITOR, and check it afterwards.')
        .action(() => edit(context)),
    )
    .addCommand(
      new Command('path')
        .summary('Print the path of the settings file')
        .description('Print the path of the settings file. It may not exist yet.')
        .action(() => context.output.result({path: context.settings.path}, ({path}) => path)),
    );

/** Its choices are for completion only: the error for an unknown setting suggests one. */
function settingArgument(): Argument {
  const argument = new Argument('<setting>', 'Name of the setting');
  argument.argChoices = [...settingKeys];
  return argument;
}

const valuesBySetting = Object.fromEntries(
  settingKeys.map((key) => [key, key === 'bot' ? 'bot' : settings[key].choices]),
);

interface Row {
  key: SettingKey;
  /** Null if there is none, and no default. */
  value: string | number | boolean | null;
  default: string | number | boolean | null;
  isSet: boolean;
  allowed: string;
  summary: string;
}

const rowOf = (key: SettingKey, context: Context): Row => {
  const {default: byDefault = null, allowed, summary} = settings[key];
  const value = context.settings.stored(key);
  return {key, value: value ?? byDefault, default: byDefault, isSet: value !== undefined, allowed, summary};
};

const columns: readonly Column<Row>[] = [
  {title: 'Setting', value: ({key}) => key},
  {
    title: 'Value',
    value: ({value}) => (value === null ? null : String(value)),
    shown: ({value, isSet}) => (value === null ? '-' : isSet ? String(value) : `${value} (default)`),
  },
  {title: 'Description', value: ({summary}) => summary, flex: true},
];

async function list(context: Context): Promise<void> {
  const {settings, output} = context;
  rejectUnusable(context);
  if (!output.isJson) settings.report((text) => output.note(text));
  await output.list(
    settingKeys.map((key) => rowOf(key, context)),
    columns,
    {empty: 'There are no settings.'},
  );
}

function get(context: Context, key: SettingKey): void {
  rejectUnusable(context, key);
  const row = rowOf(key, context);
  if (context.output.isJson || row.value !== null) context.output.result(row, ({value}) => String(value));
  else context.output.note(`${key} is not set.`);
}

async function set(context: Context, key: SettingKey, text: string): Promise<void> {
  const value = settings[key].parse(text);
  if (value === undefined) {
    throw new PoeError('usage', `Invalid value ${JSON.stringify(text)} for ${key}`, {
      hint: `Expected ${settings[key].allowed}.`,
    });
  }
  await context.settings.change(key, value);
  context.output.summary(rowOf(key, context), () => `${key} is now ${String(value)}`);
}

/** Also removes what is not a setting. */
async function unset(context: Context, name: string): Promise<void> {
  const {settings, output} = context;
  rejectUnusable(context);
  const wasSet = settings.has(name);
  if (wasSet) await settings.change(name, undefined);
  if (wasSet && !isSettingKey(name))
    return output.summary({key: name, value: null, isSet: false}, () => `${name} was removed`);
  const row = rowOf(requireSettingKey(name), context);
  const now = row.value === null ? 'not set' : `${row.value}, the default`;
  output.summary(row, () => `${name} ${wasSet ? 'is now' : 'was already'} ${now}`);
}

async function edit(context: Context): Promise<void> {
  const {io, output, settings} = context;
  if (!io.stdin.isTTY || !io.stdout.isTTY) {
    throw new PoeError('usage', 'Editing the settings requires a terminal', {
      remedy: 'change_settings',
    });
  }
  await settings.prepareFile();
  const failure = await openEditor(settings.path, io.env);
  settings.reload();
  if (failure !== undefined) throw new PoeError('file', failure, {hint: 'To choose an editor, set EDITOR.'});
  rejectUnusable(context);
  settings.report((text) => output.note(text));
}

/** @throws PoeError `store` if the file, or the value of the setting in it, cannot be used */
function rejectUnusable({settings}: Context, key?: SettingKey): void {
  const problem = settings.problems.find(
    (each) => each.isWholeFile === true || (key !== undefined && each.key === key),
  );
  if (problem) throw toError(problem);
}
