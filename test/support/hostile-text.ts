/**
 * Texts that would control a terminal that received them. Those with parameters use the number 77, which poe never writes, so
 * that they differ from poe's own sequences.
 */
export const payloads = {
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
  '8-bit controls (C1)': '\u009b77A\u009d52;c;Nzc=\u009c\u0090q77\u009c\u009fG77\u009c\u0085\u008d',
  'unterminated OSC': '\u001b]52;c;77',
  'unterminated CSI': '\u001b[77',
  'unterminated DCS': '\u001bPq77',
  'carriage return': 'truth\rbad77',
  backspaces: 'truth\b\b\b\b\bbad77',
  'concealed text (SGR 8)': '\u001b[8mhidden77\u001b[28m',
  reset: '\u001bc77',
  'other escapes': '\u001b(077\u001bN77\u001b#8\u001b7\u001b8\u001b=\u001bD\u001bM\u001bE77',
  'other controls': 'a\u0000\u0005\u0007\u000b\u000c\u000e\u000f\u007f',
  'bidirectional overrides': 'user\u202egnp.exe\u202c \u2066a\u2069 \u200f',
  'invisible tag characters': 'good\u{e0001}\u{e0062}\u{e0061}\u{e0064}\u{e007f}',
  'row separators of the chat': 'a\u{10fffd}\nb\u{10fffc}\nc77',
  'sequences between UTF-8 characters': '日\u001b[77A本\u009b77B語😀\u001b]0;77\u0007😀',
} as const;

/** Every payload in one text. */
export const allPayloads = Object.values(payloads).join(' ');

/** Matches a character that the sanitizer wrote in place of a control character. */
export const replacementMark = /[\u2400-\u2421\uFFFD]/;

/**
 * Everything poe itself writes to a terminal: styles of 16 colors, cursor moves (never by 77), moves to the next row after a carriage
 * return, inserting, deleting and erasing of rows, and the modes for wrapping, cursor, focus, paste and synchronized output.
 */
const ownSequences =
  /\u001b\[;?(?:(?:0|[1-4]|9|2[2-4]|29|3[1-6]|39|90)(?:;(?=\d)|(?=m)))*m|\r(?:\u001bD)+|\u001b\[(?!77)\d*[ABCDGLMX]|\u001b\[[0-2]?K|\u001b\[J|\u001b\[\?(?:7|25|1004|2004|2026)[hl]/g;
const dangerous =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb\u{e0000}-\u{e007f}\u{10fffc}\u{10fffd}\p{Surrogate}]/u;

/** Returns the first dangerous character that reached a terminal, with the 20 characters from there; undefined if there is none. */
export function findLeak(written: string): string | undefined {
  // poe itself writes carriage returns, also before a row that starts with the text of a payload.
  if (written.includes(payloads['carriage return'])) return JSON.stringify(payloads['carriage return']);
  const rest = written.replaceAll(ownSequences, '').replaceAll('\r', '');
  const at = rest.search(dangerous);
  return at === -1 ? undefined : JSON.stringify(rest.slice(at, at + 20));
}

/** Appends a payload to every string in JSON whose field, or whose list's field, matches; also in JSON that is a string. */
export function injectPayloads(json: string, names: RegExp, payload = allPayloads): string {
  const inject = (value: unknown, name: string): unknown => {
    if (typeof value === 'string') {
      if (value.startsWith('{"')) return injectPayloads(value, names, payload);
      return value !== '' && names.test(name) ? `${value} ${payload}` : value;
    }
    if (Array.isArray(value)) return value.map((each) => inject(each, name));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inject(each, key)]));
  };
  return JSON.stringify(inject(JSON.parse(json), ''));
}
