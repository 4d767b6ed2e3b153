/** A key, typed text or pasted text. */
export type Key = {type: 'text'; text: string} | {type: 'paste'; text: string} | NamedKey;

export interface NamedKey {
  type: 'key';
  /** `up`, `enter`, a letter …; `other` for what has no meaning in the chat. */
  name: string;
  ctrl: boolean;
  alt: boolean;
  shift: boolean;
}

export type Modifiers = Pick<NamedKey, 'ctrl' | 'alt' | 'shift'>;

const noModifiers: Modifiers = {ctrl: false, alt: false, shift: false};

export const named = (name: string, modifiers: Partial<Modifiers> = {}): NamedKey => ({
  type: 'key',
  name,
  ...noModifiers,
  ...modifiers,
});
