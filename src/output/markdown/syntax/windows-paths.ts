import type MarkdownIt from 'markdown-it';
import type StateInline from 'markdown-it/lib/rules_inline/state_inline.mjs';

/** Leaves the paths of Windows as they were written: `C:\Users\me\.config`, `\\server\_share`. */
export function addWindowsPaths(md: MarkdownIt): void {
  md.inline.ruler.before('math', 'windows_path', windowsPath);
}

/** At the colon after the letter of a drive, or at the backslashes before the name of a server. */
function windowsPath(state: StateInline, silent: boolean): boolean {
  const {src, pos} = state;
  const [quote] =
    src[pos] === ':' ? (/(?<![a-z\d])["']?(?=[a-z]$)/i.exec(src.slice(Math.max(0, pos - 3), pos)) ?? []) : [];
  const found =
    quote === undefined
      ? /^[\s"'(]?$/.test(src.charAt(pos - 1)) && at(pos, onServer, src)
      : (quote === '"' && at(pos, quotedOnDrive, src)) || at(pos, onDrive, src);
  if (!found) return false;
  if (!silent) state.pending += found;
  state.pos += found.length;
  return true;
}

function at(position: number, path: RegExp, src: string): string | undefined {
  path.lastIndex = position;
  return path.exec(src)?.[0];
}

/** Paths may be longer, but a few hundred characters contain what Markdown would change. */
const onDrive = /:\\[^\s"'`<>|*?]{0,300}/y;
const quotedOnDrive = /:\\[^\n"`<>|*?]{0,300}(?=")/y;
const onServer = /\\\\[a-z\d][\w.$-]{0,100}\\[^\s"'`<>|*?]{0,300}/iy;
