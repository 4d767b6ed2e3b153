import type MarkdownIt from 'markdown-it';

/**
 * Decides better than CommonMark which `*` are emphasis. Products and powers are not: `2*3*4`, `$5*3 and $4*2`,
 * `x**2 + y**2`. Bold text may end with a punctuation mark: `**bold:**text`.
 */
export function addAsterisks(md: MarkdownIt): void {
  const State = md.inline.State;
  md.inline.State = class extends State {
    override scanDelims(start: number, canSplitWord: boolean) {
      const run = super.scanDelims(start, canSplitWord);
      if (this.src[start] !== '*') return run;
      const before = this.src.charAt(start - 1);
      const after = this.src.charAt(start + run.length);
      const isProduct = (/\d/.test(before) && /[\w$]/.test(after)) || (/\w/.test(before) && /\d/.test(after));
      if (run.length === 1) return isProduct ? {...run, can_open: false, can_close: false} : run;
      return {
        length: run.length,
        can_open: run.can_open && !isProduct,
        can_close: run.can_close || (run.length === 2 && /[^\s*]/.test(before)),
      };
    }
  };
}
