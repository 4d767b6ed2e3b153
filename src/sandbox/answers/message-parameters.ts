import * as v from 'valibot';
import {parseJson} from '../server/http.js';
import type {Bot} from '../world/bots.js';

/** The parts of a definition that limit values. The conditions of controls do not: Poe only hides them. */
const Control = v.object({
  control: v.string(),
  parameter_name: v.optional(v.string()),
  options: v.optional(
    v.array(v.object({value: v.optional(v.string()), width: v.optional(v.number()), height: v.optional(v.number())})),
  ),
  min_value: v.optional(v.number()),
  max_value: v.optional(v.number()),
  step: v.optional(v.number()),
});
type Control = v.InferOutput<typeof Control>;

/**
 * The parameters that were sent to a bot. How Poe treats wrong ones is not known; the sandbox rejects them.
 * @param variable JSON text or an object, whichever the site takes
 * @returns undefined if they are invalid
 */
export function readParameters(
  variable: string | Record<string, unknown> | null | undefined,
  bot: Bot,
  {takesObject}: {takesObject: boolean},
): Record<string, unknown> | undefined {
  if (variable === null || variable === undefined) return {};
  if ((typeof variable === 'object') !== takesObject) return undefined;
  const parsed = v.safeParse(
    v.record(v.string(), v.unknown()),
    typeof variable === 'string' ? parseJson(variable) : variable,
  );
  if (!parsed.success) return undefined;
  const controls = controlsIn(bot.controls);
  const isAccepted = ([name, value]: [string, unknown]) =>
    controls.some((control) => control.parameter_name === name && accepts(control, value));
  return Object.entries(parsed.output).every(isAccepted) ? parsed.output : undefined;
}

/** All controls in a definition, at any depth. */
function controlsIn(definition: unknown): Control[] {
  if (typeof definition !== 'object' || definition === null) return [];
  const inner = Object.values(definition).flatMap(controlsIn);
  return v.is(Control, definition) ? [definition, ...inner] : inner;
}

function accepts({control, options = [], min_value: min = 0, max_value: max = 0, step = 1}: Control, value: unknown) {
  switch (control) {
    case 'toggle_switch':
      return typeof value === 'boolean';
    case 'slider':
      return typeof value === 'number' && value >= min && value <= max && (value - min) % step === 0;
    case 'drop_down':
    case 'aspect_ratio':
      return options.some((option) => value === (option.value ?? `${option.width}:${option.height}`));
    default:
      return typeof value === 'string';
  }
}
