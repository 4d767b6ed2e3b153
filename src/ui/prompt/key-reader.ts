import {type Key, named} from './keys.js';
import {altKey, controlKey, csiKey, ss3Key} from './sequences.js';

const pasteStart = '\u001b[200~';
const pasteEnd = '\u001b[201~';

/** How long to wait for the rest of a sequence. A lone Escape is the key only after this time. */
const sequenceMs = 100;
/** How long to wait for the rest of an answer of the terminal, which may be long. */
const answerMs = 1000;

/** Reads keys from what a terminal sends, however it is split. A paste is one key, with its text. */
export class KeyReader {
  #paste: string[] | undefined;
  /** The start of a sequence whose rest may follow. */
  #rest = '';
  readonly #onAnswer: (answer: string) => void;

  /** @param onAnswer receives what the terminal answers to queries, at any time. It is no key. */
  constructor(onAnswer: (answer: string) => void = () => {}) {
    this.#onAnswer = onAnswer;
  }

  read(chunk: string): Key[] {
    const keys: Key[] = [];
    // After a lone Escape, only what continues a sequence belongs to it: a letter that follows is not Alt and the letter.
    const isEscape = /^\u001b+$/.test(this.#rest) && !/^[[O\]P_\u001b]/.test(chunk);
    if (isEscape) keys.push(...this.flush());
    let text = this.#rest + chunk;
    this.#rest = '';
    while (text !== '') text = this.#paste ? this.#readPaste(text, keys) : this.#readKey(text, keys);
    return keys;
  }

  /** How many milliseconds to wait for the rest of a sequence before `flush`; undefined if nothing is incomplete. */
  get patience(): number | undefined {
    if (this.#rest === '' || this.#paste) return undefined;
    return answerStart.test(this.#rest) ? answerMs : sequenceMs;
  }

  /** Gives up waiting. An incomplete sequence is dropped, but Escape is a key. */
  flush(): Key[] {
    const rest = this.#rest;
    this.#rest = '';
    return /^\u001b+$/.test(rest) ? Array.from(rest, () => named('escape')) : [];
  }

  #readPaste(text: string, keys: Key[]): string {
    const paste = this.#paste ?? [];
    const end = text.indexOf(pasteEnd);
    if (end === -1) {
      const kept = startedAtEnd(text, pasteEnd);
      paste.push(text.slice(0, text.length - kept));
      this.#rest = text.slice(text.length - kept);
      return '';
    }
    paste.push(text.slice(0, end));
    this.#paste = undefined;
    keys.push({type: 'paste', text: paste.join('').replaceAll(/\r\n?/g, '\n')});
    return text.slice(end + pasteEnd.length);
  }

  /** Reads one key. @returns what follows it */
  #readKey(text: string, keys: Key[]): string {
    if (text.startsWith(pasteStart)) {
      this.#paste = [];
      return text.slice(pasteStart.length);
    }
    for (const [pattern, toKey] of patterns) {
      const match = pattern.exec(text);
      if (!match) continue;
      const key = toKey(match[1] ?? '', match[2] ?? '');
      if (key === incomplete) {
        this.#rest = text;
        return '';
      }
      if (answer.test(match[0])) this.#onAnswer(match[0]);
      else if (key) keys.push(key);
      return text.slice(match[0].length);
    }
    return text.slice(1);
  }
}

/** Answers that terminals send to queries: OSC, DCS and APC sequences. Alt with the same character is followed by others. */
const answerStart = /^\u001b(?:\]\d|P[\d>!$+]|_G)/;

/** Complete answers: strings, device attributes, the size of a cell, and the status. */
const answer = /^\u001b(?:\]\d|P[\d>!$+]|_G|\[\?[\d;]*c$|\[6;\d+;\d+t$|\[0n$)/;

const incomplete = Symbol('incomplete');

/** What a terminal can send, in the order in which it is tried. The functions get the groups of the pattern. */
const patterns: readonly [RegExp, (first: string, second: string) => Key | typeof incomplete | undefined][] = [
  [/^([^\u0000-\u001f\u007f]+)/, (text) => ({type: 'text', text})],
  // An answer ends with BEL or ESC \. Another escape sequence cancels it.
  [
    /^\u001b(?:\]\d|P[\d>!$+]|_G)[^\u0007\u001b\u0018\u001a]*(?:\u0007|\u001b\\|[\u0018\u001a]|(?=\u001b[^\\]))/,
    () => undefined,
  ],
  [/^\u001b(?:\]\d|P[\d>!$+]|_G)[^\u0007\u001b\u0018\u001a]*\u001b?$/, () => incomplete],
  // Function keys of the Linux console, and X10 mouse reports.
  [/^\u001b\[\[./s, () => undefined],
  [/^\u001b\[\[$/, () => incomplete],
  [/^\u001b\[M.{3}/su, () => undefined],
  [/^\u001b\[M/, () => incomplete],
  // Shift with a key in rxvt.
  [/^\u001b\[(\d+)(\$)(?![ -/]*[@-~])/, csiKey],
  [/^\u001b\u001b\[([\d;:<=>?]*)[ -/]*([@-~])/, (parameters, final) => withAlt(csiKey(parameters, final))],
  [/^\u001b\[([\d;:<=>?]*)[ -/]*([@-~])/, csiKey],
  [/^\u001bO([\d;]*)([@-~])/, (parameters, final) => ss3Key(final, parameters)],
  [/^\u001b(?:\u001b?\[[\d;:<=>?]*[ -/]*|O[\d;]*|[\]P_]|\u001b?)$/, () => incomplete],
  // Broken off by something else.
  [/^\u001b\[[\d;:<=>?]*[ -/]*(?=[^ -~])/, () => undefined],
  [/^\u001b([^\u001b])/su, altKey],
  [/^([\u0000-\u001f\u007f])/, controlKey],
];

const withAlt = (key: Key | undefined): Key | undefined => (key?.type === 'key' ? {...key, alt: true} : key);

/** How many characters at the end of the text may be the start of the mark. */
function startedAtEnd(text: string, mark: string): number {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(mark.slice(0, length))) return length;
  }
  return 0;
}
