import {expect, test} from 'vitest';
import {countSends, withSandbox} from '../../support/harness.js';
import {runOnTerminal} from '../../support/terminal/fake-terminal.js';
import {finalScreen} from '../../support/terminal/screen-lines.js';
import {withKey} from '../../support/with-key.js';

/* With a session, a message to gemini-2.0-flash costs 5 points and one to Sandbox-Count 2. */

interface Compared {
  bot: string;
  text: string;
  state: string;
  points: {cost: number | null};
  firstWordMs: number | null;
  totalMs: number;
  error: {code: string; message: string} | null;
}

const compared = (out: string): Compared[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line): Compared => JSON.parse(line));

const both = ['-b', 'gemini-2.0-flash', '-b', 'Sandbox-Count'];

test.each(['web', 'api'] as const)('compare asks each bot and prints its reply, time and points (%s)', async (via) => {
  const {run, sandbox} = via === 'web' ? await withSandbox() : await withKey();
  const {code, out, err} = await run('compare', 'count to 3', '-b', 'Sandbox-Count', '-b', 'Sandbox-Echo', '--json');
  expect({code, err}).toEqual({code: 0, err: ''});
  const replies = compared(out);
  expect(replies.toSorted((a, b) => a.bot.localeCompare(b.bot))).toEqual([
    {
      bot: 'Sandbox-Count',
      text: '1 2 3',
      state: 'complete',
      points: {cost: expect.any(Number), balance: null},
      firstWordMs: expect.any(Number),
      totalMs: expect.any(Number),
      error: null,
      chat: expect.objectContaining({bot: 'Sandbox-Count'}),
    },
    expect.objectContaining({bot: 'Sandbox-Echo', text: 'count to 3', error: null}),
  ]);
  if (via === 'web') expect(countSends(sandbox)).toBe(2);
});

test('a bot that fails does not affect the others, and the exit code is 0 if one replied', async () => {
  const {run} = await withSandbox();
  const {code, out} = await run('compare', 'hello', '-b', 'Sandbox-Insolvent', '-b', 'Sandbox-Echo', '--json');
  expect(code).toBe(0);
  const [failed, echo] = compared(out);
  expect(failed).toMatchObject({bot: 'Sandbox-Insolvent', text: '', error: {code: 'out_of_points'}, firstWordMs: null});
  expect(echo).toMatchObject({bot: 'Sandbox-Echo', text: 'hello', error: null});
  const none = await run('compare', 'hello', '-b', 'Sandbox-Insolvent', '-b', 'Sandbox-Insolvent');
  expect(none).toMatchObject({code: 5, err: expect.stringContaining('No bot replied')});
});

test.each(['web', 'api'] as const)('if the name of one bot is wrong, none is asked (%s)', async (via) => {
  const {run, sandbox} = via === 'web' ? await withSandbox() : await withKey();
  const {code, out, err} = await run('compare', 'hello', '-b', 'Sandbox-Echo', '-b', 'Sandbox-Eco');
  expect({code, out}).toEqual({code: 3, out: ''});
  expect(err).toContain('"Sandbox-Eco"');
  expect(countSends(sandbox)).toBe(0);
  expect(sandbox.requests.filter(({path}) => path.includes('completions'))).toEqual([]);
});

test('in a pipe, replies follow each other, after a note with the total price', async () => {
  const {run} = await withSandbox({site: '2025-03'});
  const {out, err} = await run('compare', 'count to 2', ...both);
  expect(err).toContain('Total price: 7 points.');
  expect(out).toMatch(/^1 {2}gemini-2.0-flash\n5 points · first word .* · total .* · \d+ characters\n\n/);
  expect(out).toMatch(/\n\n2 {2}Sandbox-Count\n2 points · first word .* · 3 characters\n\n1 2\n$/);
});

test('nothing is sent if the total exceeds the limit or the budget', async () => {
  const {run, sandbox} = await withSandbox({site: '2025-03'});
  const limited = await run('compare', 'hello', ...both, '--max-points', '6');
  expect(limited).toMatchObject({code: 5, out: ''});
  expect(limited.err).toContain('All replies together cost 7 points, more than the limit of 6');
  await run('budget', 'set', '6/day');
  const over = await run('compare', 'hello', ...both);
  expect(over).toMatchObject({code: 5, out: ''});
  expect(over.err).toContain('All replies together cost 7 points, but 6 points of your 6 points a day are left');
  expect(countSends(sandbox)).toBe(0);
  await run('budget', 'set', '7/day');
  expect((await run('compare', 'hello', ...both, '--max-points', '7')).code).toBe(0);
});

test('--blind hides the names until the end, and --judge asks another bot', async () => {
  const {run} = await withSandbox();
  const bots = ['-b', 'Sandbox-Echo', '-b', 'Sandbox-Count'];
  const {out, err} = await run('compare', 'count to 2', ...bots, '--blind', '--judge', 'Sandbox-Echo');
  expect(out).toMatch(/^Reply 1\n/);
  expect(out).toContain('\nReply 2\n');
  const [replies = '', judgment = ''] = out.split('Judgment by Sandbox-Echo');
  expect(replies).not.toContain('Sandbox-');
  expect(judgment).toContain('<reply number="1">');
  expect(judgment).not.toContain('Sandbox-Count');
  expect(err).toMatch(/Reply [12]: Sandbox-Echo/);
  expect(err).toMatch(/Reply [12]: Sandbox-Count/);
  // Echo, Count and the judge cost 2 points each.
  expect(err).toContain('Total price: 6 points.');
});

test('a judge that fails does not affect the replies, and one that does not exist is reported before they are paid for', async () => {
  const {run, sandbox} = await withSandbox();
  const bots = ['count to 2', '-b', 'Sandbox-Echo', '-b', 'Sandbox-Count', '--judge'];
  const failed = await run('compare', ...bots, 'Sandbox-Fails');
  expect(failed).toMatchObject({code: 0, out: expect.stringContaining('1 2')});
  expect(failed.err).toContain('Sandbox-Fails could not judge: ');
  expect(failed.err).toContain('To continue with Sandbox-Echo: poe chat -c ');
  const sends = countSends(sandbox);
  expect(await run('compare', ...bots, 'No-Such-Bot')).toMatchObject({code: 3, out: ''});
  expect(countSends(sandbox)).toBe(sends);
  // The limit of the settings is for each message, also that of the judge.
  await run('config', 'set', 'max-points', '100');
  expect((await run('compare', ...bots, 'Claude-3-Opus')).err).toContain('Claude-3-Opus could not judge: ');
  expect(countSends(sandbox)).toBe(sends + 2);
});

test('on a wide terminal replies are beside each other, on a narrow one below each other', async () => {
  const {sandbox, configDir} = await withSandbox();
  const env = {...sandbox.env, POE_CONFIG_DIR: configDir, NO_COLOR: '1'};
  const words = ['compare', 'count to 3', '-b', 'Sandbox-Count', '-b', 'Sandbox-Echo'];
  const wide = await runOnTerminal(words, env);
  const screen = await finalScreen(wide.out);
  expect(screen).toMatch(/1 {2}Sandbox-Count +2 {2}Sandbox-Echo/);
  expect(screen).toMatch(/\n1 2 3 +count to 3\n/);
});

test('fewer than two bots are wrong usage', async () => {
  const {run} = await withSandbox();
  expect(await run('compare', 'hello', '-b', 'Sandbox-Echo')).toMatchObject({code: 2, out: ''});
});
