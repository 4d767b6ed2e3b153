import type {BotParameter} from '../../../core/parameters/bot-parameter.js';
import type {MenuEntry} from '../../menu/entry.js';

/** The type, the range and the description of a parameter in one line, and its default if it has another value. */
export const describeParameter = (parameter: BotParameter, {isSet}: {isSet: boolean}): string =>
  [parameter.label, valuesOf(parameter), isSet && defaultOf(parameter), parameter.description]
    .filter(Boolean)
    .join(' · ');

/** What stands for the value of a parameter that is not set. */
export function shownDefault({defaultValue}: BotParameter): string {
  const text = textOf(defaultValue);
  return text === '' ? 'not set' : `${text} (default)`;
}

/** Asks for the value of a parameter. */
export const questionFor = (parameter: BotParameter): string => {
  const facts = [valuesOf(parameter), defaultOf(parameter)].filter(Boolean).join(', ');
  return `${parameter.name} (${facts}). Leave it empty for the default.`;
};

/** The values to choose from; none if it is typed. */
export function choicesOf({schema, defaultValue}: BotParameter): MenuEntry[] {
  const values = schema?.enum?.map(String) ?? (schema?.type === 'boolean' ? ['true', 'false'] : []);
  if (values.length === 0) return [];
  const usual = textOf(defaultValue);
  return [
    {value: ' ', label: 'Default', detail: usual},
    ...values.map((value, index) => {
      const label = schema?.enumLabels?.[index] ?? value;
      const isDefault = value === usual ? 'default' : '';
      return {value, label: value, detail: [label === value ? '' : label, isDefault].filter(Boolean).join(', ')};
    }),
  ];
}

function valuesOf({schema}: BotParameter): string {
  const {minimum = null, maximum = null, type = null, step} = schema ?? {};
  if (schema?.enum) return schema.enum.map(String).join(', ');
  const kind = types.get(type ?? '') ?? type ?? 'text';
  const from = minimum === null ? '' : `from ${minimum}`;
  const to = maximum === null ? '' : `${from ? '' : 'up '}to ${maximum}`;
  return [kind, from, to, step === undefined ? '' : `in steps of ${step}`].filter(Boolean).join(' ');
}

const types: ReadonlyMap<string, string> = new Map(
  Object.entries({integer: 'whole number', boolean: 'true or false', string: 'text'}),
);

const defaultOf = ({defaultValue}: BotParameter): string => {
  const text = textOf(defaultValue);
  return text === '' ? '' : `default ${text}`;
};

/** A value as it is typed; '' for null. */
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === null ? '' : (JSON.stringify(value) ?? '');
