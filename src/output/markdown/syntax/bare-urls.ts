import type MarkdownIt from 'markdown-it';
import type StateInline from 'markdown-it/lib/rules_inline/state_inline.mjs';
import {lazyPattern} from '../../terminal/lazy-pattern.js';

/**
 * Makes links of `https://…`, `http://…` and `ftp://…`, so that `_` and `*` in them are no emphasis. The library's own rule
 * takes `main.py` for a host, and Chinese text after a URL for a part of it.
 */
export function addBareUrls(md: MarkdownIt): void {
  md.inline.ruler.at('linkify', bareUrl);
}

/** At the colon of a URL. The text up to it is already read. */
function bareUrl(state: StateInline & {linkLevel?: number}, silent: boolean): boolean {
  const {src, pos} = state;
  if (!src.startsWith('://', pos) || (state.linkLevel ?? 0) > 0) return false;
  const [scheme] = /(?<![a-z0-9])(?:https?|ftp)$/i.exec(src.slice(Math.max(0, pos - 6), pos)) ?? [];
  const rest = scheme === undefined ? '' : urlRest(src.slice(pos, pos + maxLength));
  if (scheme === undefined || rest === '' || (!silent && !state.pending.endsWith(scheme))) return false;
  if (!silent) {
    state.pending = state.pending.slice(0, -scheme.length);
    state.push('link_open', 'a', 1).attrs = [['href', scheme + rest]];
    state.push('text', '', 0).content = scheme + rest;
    state.push('link_close', 'a', -1);
  }
  state.pos += rest.length;
  return true;
}

/** Longer URLs are cut. */
const maxLength = 8000;

/**
 * From the colon on: what may be part of a URL. That excludes blanks, quotation marks, and the scripts that are written
 * without spaces: there, a URL ends where the text goes on.
 */
const urlStart = lazyPattern(
  String.raw`^:\/\/(?=[\p{L}\p{N}[])(?:[!#-;=?-[\]_a-z{}~]|(?![\0-\x7f\uff00-\uffef\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}])[\p{L}\p{M}\p{N}])*`,
  'u',
);

/** The rest of a URL, without what follows it in a sentence; '' if there is none. */
function urlRest(text: string): string {
  const [rest = ''] = urlStart().exec(text) ?? [];
  const url = withoutPunctuation(rest.slice(0, urlLength(rest)));
  return url.length > '://'.length ? url : '';
}

/** The length up to a bracket that was not opened, or to the end of bold or deleted text. */
function urlLength(text: string): number {
  const open = {round: 0, square: 0};
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '(') open.round += 1;
    else if (character === '[') open.square += 1;
    else if (character === ')' && --open.round < 0) return at;
    else if (character === ']' && --open.square < 0) return at;
    else if ((character === '*' || character === '~') && text[at + 1] === character) return at;
  }
  return text.length;
}

function withoutPunctuation(url: string): string {
  let end = url.length;
  for (;;) {
    const entity = /&[a-z]{2,8};$/i.exec(url.slice(Math.max(0, end - 10), end))?.[0].length ?? 0;
    const length = entity || (/[!'*,.:;?_~]/.test(url.charAt(end - 1)) ? 1 : 0);
    if (length === 0) return url.slice(0, end);
    end -= length;
  }
}
