import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {apiKey} from '../../../src/sandbox/api/api.js';
import {temporaryFolder} from '../../support/harness.js';
import {killWhen, withProgram} from '../../support/program.js';
import {answerOf, kittyImages, query} from '../../support/terminal/images.js';
import {onTerminal} from '../../support/terminal/pseudo-terminal.js';

/* Videos that poe does not wait for to the end: it is killed, or the user stops waiting. */

const key = {POE_P_B: '', POE_P_LAT: '', POE_API_KEY: apiKey};

const journalOf = (configDir: string): string[] => {
  const folder = join(configDir, 'journal', 'default');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
};

test('a video whose poe is killed is listed by jobs and fetched by attach, and paid once', async () => {
  const {sandbox, configDir, env, runWith} = await withProgram({pace: 0.05});
  const run = (...argv: string[]) => runWith({env: key}, ...argv);
  const isStored = () => journalOf(configDir).some((text) => text.includes('"job":{"id":"video_'));
  await killWhen(isStored, ['send', '-b', 'Sandbox-Video-Slow', 'a private prompt'], {...env, ...key});
  const [entry, ...others] = journalOf(configDir);
  expect(others).toEqual([]);
  expect(JSON.parse(entry ?? '')).toMatchObject({
    bot: 'Sandbox-Video-Slow',
    reply: {job: {status: expect.stringMatching(/^(?:queued|in_progress)$/)}},
  });
  expect(entry).not.toContain('a private prompt');
  expect(entry).not.toContain(apiKey);
  const job = JSON.parse((await run('jobs', '--json')).out);
  expect(job).toMatchObject({bot: 'Sandbox-Video-Slow', chat: {title: 'a private prompt'}});
  const file = join(temporaryFolder(), 'a.mp4');
  expect(await run('attach', 'last', '-o', file)).toEqual({code: 0, out: `${file}\n`, err: ''});
  expect(readFileSync(file, 'latin1')).toMatch(/ftyp.*a private prompt/s);
  const response = await fetch(`${sandbox.apiUrl}/usage/points_history`, {
    headers: {Authorization: `Bearer ${apiKey}`},
  });
  expect((await response.text()).split('Sandbox-Video-Slow')).toHaveLength(2);
  expect(sandbox.requests.filter(({method, path}) => method === 'POST' && path === '/v1/videos')).toHaveLength(1);
  expect(journalOf(configDir)).toEqual([]);
});

test('the chat shows how far a video is; Esc stops waiting, and /attach waits again and shows its picture', async () => {
  const {bytes, lines, sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Video-Slow', {
    cols: 100,
    rows: 40,
    env: key,
    answers: [[query, answerOf.kitty]],
    when: [
      [/new chat/, ({type}) => type('a river\r')],
      [/Sandbox-Video-Slow is making a video, \d+ %/, ({type}) => type('\u001b')],
      [/cannot be stopped\n[^]*with \/attach[^]*> *\n/, ({type}) => type('/attach\r')],
      [/video\.mp4[^]*Save with \/save[^]*\n> *\n/, ({type}) => type('\u0004')],
    ],
  });
  expect(lines.at(-1)).toBe('exit 0');
  expect(kittyImages(bytes)).toHaveLength(1);
  expect(sandbox.requests.filter(({method, path}) => method === 'POST' && path === '/v1/videos')).toHaveLength(1);
});

test('a narrow terminal shows the progress, jobs and the end of a video, and --notify rings', async () => {
  const {bytes, lines} = await onTerminal(
    'node bin/poe.js send -b Sandbox-Video --notify a river; node bin/poe.js jobs; node bin/poe.js send --detach -b Sandbox-Video-Slow a lake; node bin/poe.js jobs',
    // The first video takes a second, and the other one is not ready when its job is listed.
    {cols: 40, env: {...key, NO_COLOR: '1'}, pace: 0.3},
  );
  const shown = lines.join('\n');
  expect(bytes).toMatch(/Sandbox-Video is making a video, \d+ %/);
  expect(bytes.match(/\u0007/g)).toHaveLength(1);
  expect(shown).toContain('All replies have been received.');
  expect(shown).toMatch(/\nlocal-\w+\n[^]*Chat +State[^\n]*\nlocal-\w+ +(?:queued|in progress \d+ %)/);
});
