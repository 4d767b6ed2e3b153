import {expect, test} from 'vitest';
import {commands} from '../../../src/commands/index.js';
import {PoeError, type ErrorFacts} from '../../../src/core/errors.js';
import {chatHint, errorLines, remedyNames} from '../../../src/ui/hints.js';
import {createTheme} from '../../../src/ui/theme.js';

const facts: ErrorFacts = {chat: '3ab4c5d6', bot: 'Assistant', command: 'title', suggestions: ['title']};
const shellCommands = Object.values(commands)
  .flatMap((group) => Object.keys(group))
  .join('|');
const plain = {columns: 80, theme: createTheme({color: false})};
const line = (message: string, details: ConstructorParameters<typeof PoeError>[2]) =>
  errorLines(new PoeError('usage', message, details), plain);

test('hints in the chat name slash commands, but no shell command, option or variable', () => {
  for (const remedy of remedyNames) {
    for (const needs of [undefined, 'web', 'api'] as const) {
      const hint = chatHint({hint: undefined, facts: {...facts, needs, remedy}}) ?? '';
      expect(hint, remedy).toMatch(/^(?:[A-Z]|poe ).*[.?]$/);
      const besidesSlashCommands = hint.replaceAll(/\/[a-z-]+(?: [a-z<>]+)*(?: --[a-z]+)?/g, '');
      expect(besidesSlashCommands, remedy).not.toMatch(
        new RegExp(`\\bpoe (?:${shellCommands})\\b|\\s-{1,2}[a-z]|[A-Z]+_`),
      );
    }
  }
});

test('an error in the chat is what failed, and the next step below it', () => {
  expect(line('Rate limited by Poe', {hint: 'Try again in a minute.'})).toBe(
    'Rate limited by Poe\nTry again in a minute.\n\n',
  );
  expect(line('No bot named "gemni". Did you mean gemini?', {remedy: 'choose_bot'})).toBe(
    'No bot named "gemni". Did you mean gemini?\nTo choose another bot, type /bot.\n\n',
  );
  expect(line('Permission denied', {})).toBe('Permission denied\n\n');
});

test('a long error wraps at words', () => {
  const message = 'A long message that does not fit into one row of a terminal that is only eighty columns wide';
  expect(line(message, {})).toBe(`${message.replace(' columns', '\ncolumns')}\n\n`);
});

test('control characters in an error are shown, not sent', () => {
  expect(line('a\u001b[2J\nb', {hint: '\u0007.'})).toBe('a␛[2J b\n␇.\n\n');
});
