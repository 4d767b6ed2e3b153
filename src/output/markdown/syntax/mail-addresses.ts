import type MarkdownIt from 'markdown-it';
import type StateInline from 'markdown-it/lib/rules_inline/state_inline.mjs';

/** Keeps the brackets of `Jane <jane@example.com>`, which the library takes off. */
export function addMailAddresses(md: MarkdownIt): void {
  md.inline.ruler.before('autolink', 'mail_address', mailAddress);
}

function mailAddress(state: StateInline, silent: boolean): boolean {
  if (state.src[state.pos] !== '<') return false;
  bracketed.lastIndex = state.pos;
  const [found, address] = bracketed.exec(state.src) ?? [];
  if (found === undefined || address === undefined) return false;
  if (!silent) {
    state.push('text', '', 0).content = '<';
    state.push('link_open', 'a', 1).attrs = [['href', `mailto:${address}`]];
    state.push('text', '', 0).content = address;
    state.push('link_close', 'a', -1);
    state.push('text', '', 0).content = '>';
  }
  state.pos += found.length;
  return true;
}

const bracketed = /<([a-z\d.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){0,8})>/iy;
