import {type Key, type Modifiers, named, type NamedKey} from './keys.js';

/** A control character: Enter, Tab, Escape, Backspace or Ctrl with a letter. */
export function controlKey(character: string): NamedKey {
  const name = controls[character];
  if (name !== undefined) return named(name);
  const code = character.charCodeAt(0);
  if (code === 0x1f) return named('_', {ctrl: true});
  return code >= 1 && code <= 26 ? named(String.fromCharCode(code + 96), {ctrl: true}) : named('other');
}

const controls: Record<string, string> = {
  '\r': 'enter',
  '\t': 'tab',
  '\u001b': 'escape',
  '\u007f': 'backspace',
  '\b': 'backspace',
};

/** A key after Escape, which most terminals send for Alt. */
export function altKey(rest: string): NamedKey {
  const code = rest.charCodeAt(0);
  if (code < 32 || code === 127) return {...controlKey(rest), alt: true};
  return named(/^[a-z0-9_]$/i.test(rest) ? rest.toLowerCase() : 'other', {alt: true});
}

/** An SS3 sequence (`ESC O …`): arrows and the numeric keypad. @param final its last character */
export function ss3Key(final: string, parameters: string): Key {
  const typed = keypadText[final];
  if (typed !== undefined) return {type: 'text', text: typed};
  if (final === 'M') return named('enter');
  return named(lettered[final] ?? 'other', modifiersOf(parameters.split(';').at(-1)));
}

/**
 * A CSI sequence (`ESC [ … final`), also in the forms of the kitty keyboard protocol and of xterm's modifyOtherKeys.
 * @returns undefined if a key was released
 */
export function csiKey(parameters: string, final: string): Key | undefined {
  const [first = '', second = '', third = ''] = parameters.split(';');
  const [modifier, event] = second.split(':');
  if (event === '3') return undefined;
  if (hasForeignModifier(modifier)) return named('other');
  const modifiers = modifiersOf(modifier);
  if (final === 'u') return characterKey(first, modifiers, third);
  if (final === '~' && first === '27') return characterKey(third, modifiers);
  if (final === '~' || final === '^' || final === '@' || final === '$') {
    const rxvt = {ctrl: final === '^' || final === '@', shift: final === '$' || final === '@'};
    return named(numbered[first] ?? 'other', final === '~' ? modifiers : rxvt);
  }
  return named(lettered[final] ?? 'other', modifiers);
}

/** @param code 1 and a bit for each modifier. Caps Lock and Num Lock do not count. */
function modifiersOf(code = ''): Modifiers {
  const bits = Math.max(0, Number(code || 1) - 1);
  return {shift: (bits & 1) !== 0, alt: (bits & (2 | 32)) !== 0, ctrl: (bits & 4) !== 0};
}

/** Super and Hyper: such keys are for the window manager. */
const hasForeignModifier = (code = ''): boolean => (Math.max(0, Number(code || 1) - 1) & (8 | 16)) !== 0;

/**
 * A key by its Unicode code point.
 * @param codes its own, the shifted one, and the one of the same key on a US keyboard
 * @param text the code points of the text it types, if the terminal reports them
 */
function characterKey(codes: string, modifiers: Modifiers, text = ''): Key {
  const [code = 0, shifted = 0, base = 0] = codes.split(':').map(Number);
  const keypad = keypadKeys[code];
  if (keypad) return keypad.length > 1 ? named(keypad, modifiers) : {type: 'text', text: keypad};
  const name = codeNames[code];
  if (name !== undefined) return named(name, modifiers);
  if (!isCharacter(code)) return named('other', modifiers);
  const {ctrl, alt, shift} = modifiers;
  if (!ctrl && !alt) return {type: 'text', text: typedText(code, shift ? shifted : 0, shift, text)};
  return withControl(String.fromCodePoint(code > 127 && base > 0 ? base : code).toLowerCase(), modifiers);
}

function typedText(code: number, shifted: number, isShifted: boolean, text: string): string {
  const codes = text.split(':').map(Number).filter(isCharacter);
  if (codes.length > 0) return String.fromCodePoint(...codes);
  if (isCharacter(shifted)) return String.fromCodePoint(shifted);
  const character = String.fromCodePoint(code);
  return isShifted ? character.toUpperCase() : character;
}

/** With Ctrl, some characters are other keys on all terminals. */
function withControl(character: string, modifiers: Modifiers): NamedKey {
  const name = modifiers.ctrl ? controlNames[character] : undefined;
  if (name !== undefined) return named(name, {...modifiers, ctrl: name === '_', shift: false});
  return named(/^[a-z0-9_]$/.test(character) ? character : 'other', modifiers);
}

const controlNames: Record<string, string> = {
  '[': 'escape',
  m: 'enter',
  i: 'tab',
  h: 'backspace',
  '/': '_',
  '-': '_',
  '7': '_',
  _: '_',
};

/** Printable, and not one of the numbers that kitty gives to keys without a character. */
const isCharacter = (code: number): boolean =>
  code >= 32 && code !== 127 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xf8ff);

const codeNames: Record<number, string> = {13: 'enter', 9: 'tab', 27: 'escape', 127: 'backspace', 8: 'backspace'};

const lettered: Record<string, string> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  I: 'focusIn',
  O: 'focusOut',
};

const numbered: Record<string, string> = {
  1: 'home',
  7: 'home',
  4: 'end',
  8: 'end',
  3: 'delete',
  5: 'pageUp',
  6: 'pageDown',
};

/** The numeric keypad in application mode. */
const keypadText: Record<string, string> = {
  ...Object.fromEntries(
    ['p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y'].map((final, digit) => [final, String(digit)]),
  ),
  j: '*',
  k: '+',
  l: ',',
  m: '-',
  n: '.',
  o: '/',
  X: '=',
};

/** The numeric keypad in the kitty protocol. */
const keypadKeys: Record<number, string> = {
  ...Object.fromEntries(Array.from('0123456789./*-+', (text, index) => [57_399 + index, text])),
  57414: 'enter',
  57415: '=',
  57416: ',',
  57417: 'left',
  57418: 'right',
  57419: 'up',
  57420: 'down',
  57423: 'home',
  57424: 'end',
  57426: 'delete',
};
