import {expect, test} from 'vitest';
import {onTerminal} from '../../support/terminal/pseudo-terminal.js';

/* Destructive commands ask for confirmation on a terminal. */

test('delete-chat asks for confirmation, and “no” keeps the chat', async () => {
  const {lines, sandbox} = await onTerminal(
    'node bin/poe.js -q send -b Sandbox-Count "count to 2" && node bin/poe.js -q delete-chat last',
    {when: [[/permanently\?/, ({type}) => type('n\r')]]},
  );
  expect(lines.at(-1)).toBe('exit 130');
  expect(sandbox.world.chats[0]?.title).toBe('Count to 2');
});

test('delete-chat asks for confirmation, and “yes” deletes the chat', async () => {
  const {lines, sandbox} = await onTerminal(
    'node bin/poe.js -q send -b Sandbox-Count "count to 2" && node bin/poe.js -q delete-chat last',
    {when: [[/permanently\?/, ({type}) => type('y\r')]]},
  );
  expect(lines.slice(-2)).toEqual(['Deleted 1 chat', 'exit 0']);
  expect(sandbox.world.chats[0]?.title).not.toBe('Count to 2');
});

test('purge asks for the word purge and accepts no other answer', async () => {
  const wrong = await onTerminal('node bin/poe.js -q purge', {when: [[/Type purge/, ({type}) => type('yes\r')]]});
  expect(wrong.lines.at(-1)).toBe('exit 130');
  expect(wrong.sandbox.world.chats).not.toEqual([]);
  const right = await onTerminal('node bin/poe.js -q purge', {when: [[/Type purge/, ({type}) => type('purge\r')]]});
  expect(right.lines.slice(-2)).toEqual(['Deleted all chats', 'exit 0']);
  expect(right.sandbox.world.chats).toEqual([]);
});

test('Ctrl+C at the confirmation deletes nothing', async () => {
  const {lines, sandbox} = await onTerminal('node bin/poe.js -q purge', {
    when: [[/Type purge/, ({type}) => type('\u0003')]],
  });
  expect(lines.at(-1)).toBe('exit 130');
  expect(sandbox.world.chats).not.toEqual([]);
});

test('a list on a terminal has aligned columns and is truncated to the width', async () => {
  for (const cols of [40, 100]) {
    const {lines} = await onTerminal('PAGER= node bin/poe.js -q history -n 5', {cols});
    const rows = lines.slice(1, -1);
    expect(rows).toHaveLength(6);
    expect(rows[0]).toMatch(/^Chat +Title/);
    for (const row of rows) expect(row.length).toBeLessThanOrEqual(cols);
    const titleAt = rows[0]?.indexOf('Title') ?? 0;
    for (const row of rows.slice(1)) expect(row.slice(titleAt - 2, titleAt + 1)).toMatch(/^ {2}\S/);
  }
});

test('sending files shows the upload progress', async () => {
  const {lines, bytes} = await onTerminal(
    'head -c 30000000 /dev/zero > "$HOME/big.bin"; node bin/poe.js send -b Sandbox-Files -f "$HOME/big.bin" "what is it?"',
  );
  expect(bytes).toMatch(/Sending files: \d+ %/);
  expect(lines.join('\n')).toContain('big.bin, application/octet-stream, 30000000');
  expect(lines.at(-1)).toBe('exit 0');
});
