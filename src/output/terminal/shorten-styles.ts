/**
 * Shortens the styles of a rendered text: each run of them becomes one sequence, and the end of all styles the shortest one.
 * Otherwise a third of a colored program is styles. A text with other styles than those that chalk writes for 16 colors stays
 * as it is.
 * @param text with complete styles
 */
export function shortenStyles(text: string): string {
  if (!text.includes('m') || otherStyle.test(text)) return text;
  let active: Styles = new Map();
  return text.replaceAll(runs, (run) => {
    const before = active;
    active = new Map(before);
    for (const [, code = ''] of run.matchAll(/(\d+)m/g)) apply(active, code);
    return transition(before, active);
  });
}

/** The codes of the active styles, by the code that ends them. */
type Styles = Map<string, string>;

const runs = /(?:\u001b\[\d+m)+/g;
const otherStyle = /\u001b\[(?!(?:[1-479]|2[234579]|[39][0-7]|39)m)[\d;:]*m/;

const boldOrDim = '22';
const closings: Readonly<Record<string, string>> = {1: boldOrDim, 2: boldOrDim, 3: '23', 4: '24', 7: '27', 9: '29'};

function apply(active: Styles, code: string): void {
  const closing = closings[code] ?? (code.length === 2 && /^[39][0-7]/.test(code) ? '39' : code);
  if (closing === code) active.delete(code);
  else if (closing === boldOrDim && active.has(closing)) active.set(closing, `${active.get(closing)};${code}`);
  else active.set(closing, code);
}

/** The shortest sequence that leads from some styles to others. */
function transition(before: Styles, after: Styles): string {
  if (after.size === 0) return before.size === 0 ? '' : '\u001b[m';
  const ended = [...before.keys()].filter((closing) => !after.has(closing));
  const started = [...after].flatMap(([closing, codes]) => added(closing, before.get(closing), codes));
  if (ended.length + started.length === 0) return '';
  const [changed, complete] = [[...ended, ...started].join(';'), ['0', ...after.values()].join(';')];
  return `\u001b[${complete.length < changed.length ? complete : changed}m`;
}

/** A color replaces another one. Bold and dim are active together. */
function added(closing: string, before: string | undefined, after: string): string[] {
  if (before === after) return [];
  if (closing !== boldOrDim || before === undefined) return [after];
  return after.startsWith(`${before};`) ? [after.slice(before.length + 1)] : [closing, after];
}
