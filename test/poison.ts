/** What would happen on a terminal that got it; the mark 77 tells it from what poe itself writes. */
export const poisons = {
  'cursor and screen (CSI)': '\u001b[77;1H\u001b[2;77J',
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
  'carriage return': 'truth\rbad77',
  backspaces: 'truth\b\b\b\b\bbad77',
  'concealed text (SGR 8)': '\u001b[8;77mhidden\u001b[28;77m',
  reset: '\u001bc77',
  'other controls': 'a\u0000\u0005\u0007\u000b\u000c\u000e\u000f\u007f',
  'turned writing': 'user\u202egnp.exe\u202c \u2066a\u2069 \u200f',
  'in the midst of UTF-8': '日\u001b[77A本\u009b77B語😀\u001b]0;77\u0007😀',
} as const;

/** Poe's own ways on a terminal: colours, cursor, erasing; none has the mark. */
const own = /\u001b\[(?!\??[\d;]*77)\??[\d;]*[ABCDEFGHJKhlm]/g;
const dangerous =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb\p{Surrogate}]/u;

/** What of a poison is in what a terminal got: its first dangerous character with what follows; undefined where there is none. */
export function leak(written: string): string | undefined {
  const left = written.replaceAll(own, '').replaceAll(/\r(?!bad77)/g, '');
  const at = left.search(dangerous);
  return at === -1 ? undefined : JSON.stringify(left.slice(at, at + 20));
}
