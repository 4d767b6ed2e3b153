import {Chalk} from 'chalk';
import {expect, test} from 'vitest';
import {commands} from '../../../src/commands/index.js';
import {PoeError, type ErrorFacts} from '../../../src/core/errors.js';
import {chatHint, errorLine, remedyNames} from '../../../src/ui/hints.js';

const facts: ErrorFacts = {chat: '3ab4c5d6', bot: 'Assistant', command: 'title', suggestions: ['title']};
const shellCommands = Object.values(commands)
  .flatMap((group) => Object.keys(group))
  .join('|');
const plain = new Chalk({level: 0});
const line = (message: string, details: ConstructorParameters<typeof PoeError>[2]) =>
  errorLine(plain, new PoeError('usage', message, details));

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

test('an error in the chat is one line with one mark at the end of each sentence', () => {
  expect(line('Rate limited by Poe', {hint: 'Try again in a minute.'})).toBe(
    'Rate limited by Poe. Try again in a minute.\n\n',
  );
  expect(line('No bot named "gemni". Did you mean gemini?', {remedy: 'choose_bot'})).toBe(
    'No bot named "gemni". Did you mean gemini? To choose another bot, type /bot <handle>.\n\n',
  );
  expect(line('Permission denied', {})).toBe('Permission denied\n\n');
});

test('control characters in an error are shown, not sent', () => {
  expect(line('a\u001b[2J\nb', {hint: '\u0007.'})).toBe('a␛[2J b. ␇.\n\n');
});
