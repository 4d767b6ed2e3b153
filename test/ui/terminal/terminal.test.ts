import {expect, test} from 'vitest';
import {withSandbox} from '../../support/harness.js';
import {onTerminal} from '../../support/terminal/pseudo-terminal.js';

/** The note on a terminal that another site replaces poe.com. */
const otherSite: unknown = expect.stringMatching(/^Using \S+ instead of poe\.com\.$/);

/** Sequences that must never be written: clearing the screen or the scrollback, the alternate screen. */
const forbidden = /\u001b\[[23]J|\u001b\[\?1049h|\u001bc/;

test('on a terminal the reply is rendered below earlier output, each line once', async () => {
  for (const [cols, rows] of [
    [80, 24],
    [40, 24],
    [200, 50],
  ] as const) {
    const {lines, bytes} = await onTerminal('node bin/poe.js send -q -b Sandbox-Count "count to 12"', {cols, rows});
    expect(lines).toEqual(['before', '1 2 3 4 5 6 7 8 9 10 11 12', 'exit 0']);
    expect(bytes).not.toMatch(forbidden);
  }
});

test('long Markdown scrolls by completely: each line once, without Markdown marks', async () => {
  for (const [cols, rows] of [
    [80, 24],
    [40, 10],
    [200, 50],
  ] as const) {
    const {lines, bytes} = await onTerminal('node bin/poe.js send -q -b Sandbox-Markdown hello', {cols, rows});
    expect(lines[0]).toBe('before');
    expect(lines.at(-1)).toBe('exit 0');
    expect(lines.length).toBeGreaterThan(100);
    const once = [
      'A short guide to tea',
      '    """Wait as long as this kind of tea wants."""',
      'import time',
      'sleep 240 && printf \'\\a%s\\n\' "Tea is ready"',
      'Pour, wait, and do not hurry.',
    ];
    for (const line of once) expect(lines.filter((shown) => shown === line)).toEqual([line]);
    expect(lines.filter((line) => /^```\w|^~~~~|^#/.test(line))).toEqual([]);
    expect(bytes).not.toMatch(forbidden);
  }
});

test('a reply that the bot rewrites ends with the final text', async () => {
  const {lines} = await onTerminal('node bin/poe.js send -b Sandbox-Rewrite hello');
  expect(lines.join('\n')).not.toContain('Searching');
});

test('a spinner turns until the first word and leaves nothing behind', async () => {
  const {lines, bytes} = await onTerminal('node bin/poe.js send -b Sandbox-Count "count to 2"');
  expect(bytes).toContain('Asking Sandbox-Count');
  expect(lines).toEqual(['before', otherSite, '1 2', 'exit 0']);
});

test('a terminal that does not report its size shows the reply', async () => {
  const {lines} = await onTerminal('stty cols 0 rows 0; node bin/poe.js send -b Sandbox-Count "count to 2"');
  expect(lines).toEqual(['before', otherSite, '1 2', 'exit 0']);
});

test('FORCE_COLOR overrides NO_COLOR, without a warning', async () => {
  const env = {NO_COLOR: '1', FORCE_COLOR: '1'};
  const {bytes} = await onTerminal('node bin/poe.js send -b Sandbox-Markdown hello', {env});
  expect(bytes).toContain('\u001b[1m');
  expect(bytes).not.toContain('Warning');
});

test('NO_COLOR turns off color', async () => {
  const {bytes} = await onTerminal('node bin/poe.js send -q -b Sandbox-Markdown hello', {env: {NO_COLOR: '1'}});
  expect(bytes).not.toMatch(/\u001b\[[\d;]*m/);
});

test('control sequences of a bot do not reach the terminal', async () => {
  const {bytes} = await onTerminal(
    ['', '--json', '--stream-json'].map((flag) => `node bin/poe.js send -q ${flag} -b Sandbox-Hostile hello`).join(';'),
  );
  expect(bytes).not.toMatch(/\u001b\]|\u0008|\u009b|\u202e/);
});

test('Ctrl+C keeps the text so far and restores the terminal', async () => {
  const {lines, bytes} = await onTerminal('node bin/poe.js send -b Sandbox-Slow hello', {
    heldAfter: 4,
    when: [[/\nOne word/, ({type}) => type('\u0003')]],
  });
  expect(lines.at(-1)).toBe('exit 130');
  expect(lines.length).toBeGreaterThan(2);
  // A hidden cursor is visible again.
  expect(bytes.lastIndexOf('\u001b[?25l')).toBeLessThanOrEqual(bytes.lastIndexOf('\u001b[?25h'));
});

test('login asks for the cookies without showing them', async () => {
  const {sandbox: other} = await withSandbox();
  const {lines, bytes} = await onTerminal(
    `POE_P_B= POE_P_LAT= POE_BASE_URL=${other.url} node bin/poe.js login && POE_P_B= POE_BASE_URL=${other.url} node bin/poe.js whoami`,
    {
      when: [
        [/p-b(?!.*p-lat)[^\n]*$/, ({type}) => type(`${other.tokens.pB}\r`)],
        [/p-lat[^\n]*$/, ({type}) => type(`${other.tokens.pLat}\r`)],
      ],
    },
  );
  expect(lines.at(-1)).toBe('exit 0');
  expect(lines.filter((line) => line.startsWith('Logged in as sandbox@poe.example'))).toHaveLength(2);
  expect(bytes).not.toContain(other.tokens.pB);
  expect(bytes).not.toContain(other.tokens.pLat);
  expect(bytes).toContain('not an official interface');
});

test('if Cloudflare blocks the login, it asks for more cookies and continues', async () => {
  const {sandbox: other} = await withSandbox();
  other.faults.respondOnce({path: '/'}, 'cloudflare');
  const {lines, bytes} = await onTerminal(`POE_P_B= POE_P_LAT= POE_BASE_URL=${other.url} node bin/poe.js login`, {
    when: [
      [/p-b(?!.*p-lat)[^\n]*$/, ({type}) => type(`${other.tokens.pB}\r`)],
      [/p-lat[^\n]*$/, ({type}) => type(`${other.tokens.pLat}\r`)],
      [/cf_clearance[^\n]*$/, ({type}) => type('cleared-by-cloudflare\r')],
      [/__cf_bm[^\n]*$/, ({type}) => type('bot-management\r')],
      [/user agent[^\n]*$/, ({type}) => type('Test Browser\r')],
    ],
  });
  expect(lines.at(-1)).toBe('exit 0');
  expect(bytes).not.toContain('cleared-by-cloudflare');
  const last = other.requests.at(-1);
  expect(last?.headers).toMatchObject({
    'user-agent': 'Test Browser',
    cookie: expect.stringContaining('cf_clearance=cleared-by-cloudflare'),
  });
});
