/**
 * Shortens the styles of a rendered text: each run of them becomes one sequence, and the end of all styles the shortest one.
 * Otherwise a third of a colored program is styles. Colors are not visible in blanks, so they change where the next text starts.
 * A text with other styles than those that chalk writes for 16 colors stays as it is.
 * @param text with complete styles
 */
export function shortenStyles(text: string): string {
  if (!text.includes('m') || otherStyle.test(text)) return text;
  let shortened = '';
  let shown = '';
  let wanted = '';
  for (const [piece, run, blanks] of text.matchAll(pieces)) {
    if (run !== undefined) {
      for (const [, code = ''] of run.matchAll(/(\d+)m/g)) wanted = after(wanted, code);
      continue;
    }
    if (shown !== wanted && (blanks === undefined || visibleInBlanks.test(`;${shown};${wanted}`))) {
      shortened += transition(shown, wanted);
      shown = wanted;
    }
    shortened += piece;
  }
  return shortened + transition(shown, wanted);
}

/** A run of styles; blanks, and moves of the cursor or of rows; other text. */
const pieces = /((?:\u001b\[\d+m)+)|((?:[ \r\n]|\u001b(?:D|\[\d*[AGLM]))+)|(?:[^ \r\n\u001b][^\r\n\u001b]*|\u001b)/g;
const otherStyle = /\u001b\[(?!(?:[1-479]|2[234579]|[39][0-7]|39)m)[\d;:]*m/;
/** Underlined, inverse and struck out blanks are visible. */
const visibleInBlanks = /;[479](?:;|$)/;

/** The codes of the active styles, separated by `;`, in the order in which they started. */
type Styles = string;

const boldOrDim = '22';
const closings: Readonly<Record<string, string>> = {1: boldOrDim, 2: boldOrDim, 3: '23', 4: '24', 7: '27', 9: '29'};

const closingOf = (code: string): string =>
  closings[code] ?? (code.length === 2 && /^[39][0-7]/.test(code) ? '39' : code);

const codesOf = (styles: Styles): string[] => (styles === '' ? [] : styles.split(';'));

/** The active styles after a code. A color replaces another one. Bold and dim are active together. */
const after = remembered((styles: Styles, code: string): Styles => {
  const closing = closingOf(code);
  const codes = codesOf(styles);
  if (closing === code) return codes.filter((other) => closingOf(other) !== code).join(';');
  const replaced = codes.findIndex((other) => other === code || (closing === '39' && closingOf(other) === '39'));
  return (replaced === -1 ? [...codes, code] : codes.with(replaced, code)).join(';');
});

/** The shortest sequence that leads from some styles to others. */
const transition = remembered((before: Styles, next: Styles): string => {
  if (before === next) return '';
  if (next === '') return '\u001b[m';
  const groups = new Set([...codesOf(before), ...codesOf(next)].map(closingOf));
  const changed = [...groups].flatMap((closing) => changes(closing, before, next)).join(';');
  // A missing code means 0, which ends all styles.
  const complete = `;${next}`;
  return `\u001b[${complete.length < changed.length ? complete : changed}m`;
});

/** The codes that change the styles that one code ends. */
function changes(closing: string, before: Styles, next: Styles): string[] {
  const [old, wanted] = [before, next].map((styles) => codesOf(styles).filter((code) => closingOf(code) === closing));
  if (!old || !wanted || old.join() === wanted.join()) return [];
  if (wanted.length === 0) return [closing];
  if (closing !== boldOrDim) return wanted;
  return old.every((code) => wanted.includes(code))
    ? wanted.filter((code) => !old.includes(code))
    : [closing, ...wanted];
}

/** A function of two texts that remembers its results. There are only a few styles. */
function remembered(work: (one: string, other: string) => string): (one: string, other: string) => string {
  const results = new Map<string, string>();
  return (one, other) => {
    const key = `${one}/${other}`;
    let result = results.get(key);
    if (result === undefined) results.set(key, (result = work(one, other)));
    return result;
  };
}
