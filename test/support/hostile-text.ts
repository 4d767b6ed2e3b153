/** What would happen on a terminal that got it; the mark 77 tells it from what poe itself writes. */
export const poisons = {
  'cursor and screen (CSI)': '\u001b[77;1H\u001b[2;77J',
  'scrolling region and modes (CSI)': '\u001b[1;77r\u001b[?1049;77h\u001b[77 q\u001b[>77c\u001b[77t\u001b[4;77m',
  'window title (OSC 0)': '\u001b]0;77\u0007',
  'link (OSC 8)': '\u001b]8;;https://evil.example/77\u001b\\good\u001b]8;;\u001b\\',
  'progress (OSC 9)': '\u001b]9;77\u0007',
  'clipboard (OSC 52)': '\u001b]52;c;Nzc=\u001b\\',
  'file (OSC 1337)': '\u001b]1337;File=name=77:AAAA\u0007',
  'device control (DCS)': '\u001bP+q77\u001b\\',
  'application command (APC)': '\u001b_G77\u001b\\',
  'privacy message and start of string': '\u001b^77\u001b\\\u001bX77\u001b\\',
  'C1 forms': '\u009b77A\u009d52;c;Nzc=\u009c\u0090q77\u009c\u009fG77\u009c\u0085\u008d',
  'unterminated OSC': '\u001b]52;c;77',
  'unterminated CSI': '\u001b[77',
  'unterminated DCS': '\u001bPq77',
  'carriage return': 'truth\rbad77',
  backspaces: 'truth\b\b\b\b\bbad77',
  'concealed text (SGR 8)': '\u001b[8mhidden77\u001b[28m',
  reset: '\u001bc77',
  'other escapes': '\u001b(077\u001bN77\u001b#8\u001b7\u001b8\u001b=\u001bD\u001bM\u001bE77',
  'other controls': 'a\u0000\u0005\u0007\u000b\u000c\u000e\u000f\u007f',
  'turned writing': 'user\u202egnp.exe\u202c \u2066a\u2069 \u200f',
  'hidden letters (tags)': 'good\u{e0001}\u{e0062}\u{e0061}\u{e0064}\u{e007f}',
  'signs between the rows of a chat': 'a\u{10fffd}\nb\u{10fffc}\nc77',
  'in the midst of UTF-8': '日\u001b[77A本\u009b77B語😀\u001b]0;77\u0007😀',
} as const;

/** What stands for a character that was taken out. */
export const marks = /[\u2400-\u2421\uFFFD]/;

/**
 * All that poe itself writes on a terminal: styles, each alone, as chalk does; moves of the cursor, none of them by 77; erasing of
 * lines and of what is below; the modes for the breaking of lines, the cursor, the focus, pastes and pictures as a whole.
 */
const own =
  /\u001b\[(?:0|[1-4]|9|2[2-4]|29|3[1-6]|39|90)?m|\u001b\[(?!77)\d*[ABCDG]|\u001b\[[0-2]?K|\u001b\[J|\u001b\[\?(?:7|25|1004|2004|2026)[hl]/g;
const dangerous =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb\u{e0000}-\u{e007f}\u{10fffc}\u{10fffd}\p{Surrogate}]/u;

/** What of a poison is in what a terminal got: its first dangerous character with what follows; undefined where there is none. */
export function leak(written: string): string | undefined {
  const left = written.replaceAll(own, '').replaceAll(/\r(?!bad77)/g, '');
  const at = left.search(dangerous);
  return at === -1 ? undefined : JSON.stringify(left.slice(at, at + 20));
}
