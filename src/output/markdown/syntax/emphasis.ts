import type MarkdownIt from 'markdown-it';
import type StateInline from 'markdown-it/lib/rules_inline/state_inline.mjs';

type Run = ReturnType<StateInline['scanDelims']>;

/** What surrounds a run of `*` or `_`. */
interface Place {
  before: string;
  after: string;
  /** The text back to the run before it, or up to the next one. */
  textBefore: string;
  textAfter: string;
  /** Whether the run before it starts bold words. */
  isInBold: boolean;
}

/**
 * Decides better than CommonMark which `*` and `_` are emphasis. Products, powers, wildcards, pointers, comments and blanks to
 * fill in are not: `a*b*c`, `x**2 + y**2`, `src/*.ts`, `f(**kwargs)`, `__init__`, `____/____`. Bold text may end with a
 * punctuation mark: `**bold:**text`. A mark that is shown although it was emphasis does no harm; a lost one does.
 */
export function addEmphasis(md: MarkdownIt): void {
  const State = md.inline.State;
  md.inline.State = class extends State {
    override scanDelims(start: number, canSplitWord: boolean) {
      const run = super.scanDelims(start, canSplitWord);
      const mark = this.src.charAt(start);
      if (mark !== '*' && mark !== '_') return run;
      const place = placeOf(this.src, mark, start, start + run.length);
      if (mark === '_') return underscores(run, place);
      return run.length === 1 ? asterisk(run, place) : asterisks(run, place);
    }
  };
  md.inline.ruler.before('emphasis', 'identifier', identifier);
}

/** Together, the runs of a text look at each of its characters twice. */
function placeOf(src: string, mark: string, start: number, end: number): Place {
  const last = start === 0 ? -1 : src.lastIndexOf(mark, start - 1);
  const next = src.indexOf(mark, end);
  return {
    before: src.charAt(start - 1),
    after: src.charAt(end),
    textBefore: src.slice(last + 1, start),
    textAfter: next === -1 ? '' : src.slice(end, next),
    isInBold: /^\S/.test(src.charAt(last + 1)) && /(?:^|[^*\w])\*\*$/.test(src.slice(Math.max(0, last - 2), last + 1)),
  };
}

function asterisk({length, can_open, can_close}: Run, place: Place): Run {
  const {before, after, textBefore, textAfter} = place;
  const isProduct = (/\d/.test(before) && /[\w$]/.test(after)) || (/\w/.test(before) && /\d/.test(after));
  const isPath = (before === '/' && textBefore !== '/') || /^\/(?:\s|$)/.test(textAfter);
  const isWildcard = /^\.\w.*\s/.test(textAfter) || (/[./]/.test(after) && !/[\s([{"'“‘«]|^$/.test(before));
  const isWildcardAtEnd = before === '/' && !/^\w\S*$/.test(textBefore);
  const isOperator = /\w/.test(before) || word.test(before) || /(?:[)\]}.\\$^%&+=]|\w_)$/.test(textBefore);
  const isInside = place.isInBold || (isInWord(place) && /\s/.test(textBefore));
  return {
    length,
    can_open: can_open && ![isProduct, isAlone(place), isPath, isWildcard, isOperator].includes(true) && mayOpen(place),
    can_close: can_close && ![isProduct, isAlone(place), isWildcardAtEnd, isInside].includes(true) && mayClose(place),
  };
}

function asterisks({length, can_open, can_close}: Run, place: Place): Run {
  const {before, after, textBefore, textAfter} = place;
  const isPower = /[\w)\]]/.test(before) && /\d/.test(after);
  const isMark = isPower || isAlone(place);
  const opensInWord = isInWord(place) && /^\S+$/.test(textAfter);
  return {
    length,
    can_open: can_open && !isMark && (!isInWord(place) || opensInWord),
    can_close:
      (can_close || (length === 2 && /\S/.test(before))) &&
      !isMark &&
      !opening.test(before) &&
      !(opensInWord && /\s/.test(textBefore)),
  };
}

function underscores({length, can_open, can_close}: Run, place: Place): Run {
  const {before, after, textBefore} = place;
  const isMark = length > 3 || isAlone(place) || isFace.test(before + after);
  // `_one_._other_` are two words.
  const isOperator = textBefore !== '.' && /[)\]}./\\$^%&+=]/.test(before);
  return {
    length,
    can_open: can_open && !isMark && !isOperator && mayOpen(place),
    can_close: can_close && !isMark && mayClose(place),
  };
}

/** `^_^`, `-_-`, `>_<` and `*_*`. */
const isFace = /^(?:--|\^\^|><|\*\*)$/;

const mayOpen = ({after, textAfter}: Place): boolean => !closing.test(after) && hasContent(textAfter);

const mayClose = ({before, textBefore}: Place): boolean => !opening.test(before) && hasContent(textBefore);

/** Whether there is more than a part of a path, a wildcard or a form. */
const hasContent = (text: string): boolean => /[^\s/.,:;^_<>|()[\]{}+-]/.test(text);

/** Whether this is about the mark itself: `(*)`, `"*"`, `'**'`. */
const isAlone = ({before, after}: Place): boolean =>
  opening.test(before) ? closing.test(after) : before === after && /["'/]/.test(before);

const isInWord = ({before, after}: Place): boolean => word.test(before) && word.test(after);

/** The letters of scripts that have spaces between words. In others, emphasis may start and end within what looks like a word. */
const word = /[a-z\d\u00C0-\u10FF]/i;
const opening = /[([{“‘«]/;
const closing = /[)\]}”’»]/;

/** Python and C write names like `__init__` and `__FILE__`. */
function identifier(state: StateInline, silent: boolean): boolean {
  if (state.src[state.pos] !== '_' || /\w/.test(state.src.charAt(state.pos - 1))) return false;
  name.lastIndex = state.pos;
  const [found] = name.exec(state.src) ?? [];
  if (found === undefined) return false;
  if (!silent) state.pending += found;
  state.pos += found.length;
  return true;
}

const name = /__(?:[a-z][a-z\d]*(?:_[a-z\d]+)*|[A-Z][A-Z\d]*(?:_[A-Z\d]+)*)__(?!\w)/y;
