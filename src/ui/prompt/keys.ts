/** A key, typed text or pasted text. */
export type Key =
  | {type: 'text'; text: string}
  | {type: 'paste'; text: string}
  | {type: 'key'; name: KeyName; ctrl: boolean; alt: boolean; shift: boolean};

export type KeyName =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'home'
  | 'end'
  | 'delete'
  | 'backspace'
  | 'enter'
  | 'tab'
  | 'escape'
  | 'focusIn'
  | 'focusOut'
  | 'other'
  | Digit
  | Letter;

/** Digits are keys only with Alt; otherwise they are text. */
type Digit = '1' | '2' | '3' | '4';
type Letter = 'a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'g' | 'j' | 'k' | 'n' | 'p' | 'r' | 'u' | 'w' | 'y';

const pasteStart = '\u001b[200~';
const pasteEnd = '\u001b[201~';

/** Reads keys from the bytes that a terminal sends, however they are split. A paste is one key, with its text. */
export class KeyReader {
  #paste: string[] | undefined;
  /** The start of a sequence that begins or ends a paste. The rest may follow. */
  #rest = '';

  read(chunk: string): Key[] {
    const keys: Key[] = [];
    let text = this.#rest + chunk;
    this.#rest = '';
    while (text !== '') text = this.#paste === undefined ? this.#readKey(text, keys) : this.#readPaste(text, keys);
    return keys;
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

  #readKey(text: string, keys: Key[]): string {
    if (text.startsWith(pasteStart)) {
      this.#paste = [];
      return text.slice(pasteStart.length);
    }
    if (text !== '\u001b' && pasteStart.startsWith(text)) {
      this.#rest = text;
      return '';
    }
    const plain = /^[^\u0000-\u001f\u007f]+/.exec(text)?.[0];
    if (plain !== undefined) {
      keys.push({type: 'text', text: plain});
      return text.slice(plain.length);
    }
    const sequence =
      /^\u001b(?:\u001b?\[[\d;:<=>?]*[ -/]*[@-~]|O[@-~]|\r|[^\u001b[O])/.exec(text)?.[0] ?? text.charAt(0);
    keys.push(keyOf(sequence));
    return text.slice(sequence.length);
  }
}

/** How many characters at the end of the text may be the start of the mark. */
function startedAtEnd(text: string, mark: string): number {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(mark.slice(0, length))) return length;
  }
  return 0;
}

function keyOf(sequence: string): Key {
  if (sequence.length === 1) return control(sequence);
  const [, first = '', modifier = '1', last = ''] =
    /^\u001b\u001b?(?:\[|O)(\d*)(?:;(\d+))?[^@-~]*([@-~])$/.exec(sequence) ?? [];
  const bits = Number(modifier) - 1;
  const held = {shift: (bits & 1) !== 0, alt: (bits & 2) !== 0, ctrl: (bits & 4) !== 0};
  if (last !== '') return special(first, last, held, sequence);
  const inner = control(sequence.slice(1));
  if (inner.type === 'key') return {...inner, alt: true};
  const name = altered[sequence.slice(1)];
  return {type: 'key', name: name ?? 'other', ctrl: false, alt: true, shift: false};
}

const altered: Record<string, KeyName> = {b: 'b', f: 'f', d: 'd', 1: '1', 2: '2', 3: '3', 4: '4'};

type Held = {shift: boolean; alt: boolean; ctrl: boolean};

function special(first: string, last: string, held: Held, sequence: string): Key {
  // Terminals that distinguish Shift+Enter from Enter send CSI 13;2u or CSI 27;2;13~.
  const other = /^\u001b\[27;(\d+);13~$/.exec(sequence);
  if (other) return {type: 'key', name: 'enter', ctrl: false, alt: true, shift: true};
  if (last === 'u' && first === '13') return {type: 'key', name: 'enter', ...held};
  if (last === 'u' && first === '27') return {type: 'key', name: 'escape', ...held};
  const name = last === '~' ? numbered[first] : lettered[last];
  return {type: 'key', name: name ?? 'other', ...held};
}

const lettered: Record<string, KeyName> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  I: 'focusIn',
  O: 'focusOut',
};
const numbered: Record<string, KeyName> = {1: 'home', 7: 'home', 4: 'end', 8: 'end', 3: 'delete'};

const letters: readonly Letter[] = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'j', 'k', 'n', 'p', 'r', 'u', 'w', 'y'];

function control(character: string): Key {
  const plain = (name: KeyName, ctrl = false): Key => ({type: 'key', name, ctrl, alt: false, shift: false});
  switch (character) {
    case '\r':
      return plain('enter');
    case '\t':
      return plain('tab');
    case '\u001b':
      return plain('escape');
    case '\u007f':
    case '\b':
      return plain('backspace');
  }
  const code = character.charCodeAt(0);
  if (code >= 32) return {type: 'text', text: character};
  const letter = letters.find((each) => each.charCodeAt(0) - 96 === code);
  return plain(letter ?? 'other', true);
}
