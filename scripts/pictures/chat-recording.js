import {spawn} from '@lydell/node-pty';
import {execFile} from 'node:child_process';
import xterm from '@xterm/headless';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {promisify} from 'node:util';
import {setTimeout as sleep} from 'node:timers/promises';

/**
 * @typedef {import('@xterm/headless').Terminal} Terminal
 * @typedef {{data: string, line: number, column: number, columns: number, rows: number, at: number}} ShownImage a PNG file in
 *   base64, the place of its first cell, its size in cells, and when it was drawn, in milliseconds
 * @typedef {[screen: RegExp, keys: string, options?: {pause?: number, typing?: number}]} Step keys to type once the screen matches;
 *   `pause` milliseconds later; `typing` milliseconds for each of them, or all at once
 */

/** What a terminal answers that knows the kitty graphics protocol. */
const answer = '\u001b_Gi=31;OK\u001b\\\u001bP>|kitty(0.38.1)\u001b\\\u001b[6;19;8t\u001b[?62;c';
const query = '\u001b[c';

const timeoutMs = 90_000;
/** A note that users of poe.com do not see. */
const simulationNote = /(?:\u001b\[\d*m)*Using http\S+ instead of poe\.com\.(?:\u001b\[\d*m)*\r\n/;

const bin = join(import.meta.dirname, '../../bin/poe.js');

/**
 * Runs a command at a shell, with a sandbox of its own.
 * @param {import('./scenes.js').ShellScene & {theme: 'dark' | 'light'}} scene
 * @returns {Promise<{terminal: Terminal, images: ShownImage[]}>} the terminal after the command
 */
export async function recordCommand({cols, rows, theme, hasKey = false, before, command, until}) {
  const {startSandbox} = await import('../../dist/lib/sandbox.js');
  const sandbox = await startSandbox();
  const home = mkdtempSync(join(tmpdir(), 'poe-picture-'));
  const {POE_P_B, POE_P_LAT, ...common} = sandbox.env;
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    POE_CONFIG_DIR: home,
    TERM: 'xterm-256color',
    COLORFGBG: theme === 'dark' ? '15;0' : '0;15',
    ...common,
    ...(hasKey ? {POE_API_KEY: sandbox.apiKey, POE_API_URL: sandbox.apiUrl} : {POE_P_B, POE_P_LAT}),
  };
  const terminal = new xterm.Terminal({cols, rows, scrollback: 1000, allowProposedApi: true});
  const startedAt = performance.now();
  try {
    for (const args of before) await promisify(execFile)(process.execPath, [bin, ...args], {env, cwd: home});
    // The line that a user would see at a shell, before the command and after it.
    const script = `printf '\\033[2m$\\033[m %s\\n' "$SHOWN"; poe() { "$NODE" "$BIN" "$@"; }; eval "$SHOWN"; printf '\\033[2m$\\033[m '; sleep 60`;
    const own = {...env, SHOWN: `poe ${command}`, NODE: process.execPath, BIN: bin};
    const child = spawn('/bin/sh', ['-c', script], {cols, rows, cwd: home, env: own});
    child.onData((data) => terminal.write(data.replace(simulationNote, '')));
    try {
      await play(
        [[until, '', {pause: 800}]],
        terminal,
        () => {},
        () => performance.now() - startedAt,
      );
    } finally {
      // Also the command, which may wait for an answer.
      process.kill(-child.pid, 'SIGKILL');
    }
    return {terminal, images: []};
  } finally {
    await sandbox.close();
    rmSync(home, {recursive: true, force: true, maxRetries: 5, retryDelay: 100});
  }
}

/**
 * Runs a chat in the sandbox on a pseudo-terminal.
 * @param {object} options
 * @param {string[]} options.args of `poe`
 * @param {number} options.cols
 * @param {number} options.rows
 * @param {'dark' | 'light'} options.theme
 * @param {readonly Step[]} options.steps
 * @param {(terminal: Terminal, at: number) => void} [options.onChange] called when the screen has changed
 * @returns {Promise<{terminal: Terminal, images: ShownImage[]}>} the terminal after the last step
 */
export async function recordChat({args, cols, rows, theme, steps, onChange = () => {}}) {
  const home = mkdtempSync(join(tmpdir(), 'poe-picture-'));
  const terminal = new xterm.Terminal({cols, rows, scrollback: 1000, allowProposedApi: true});
  const images = recordImages(terminal);
  const child = spawn(process.execPath, [bin, '--sandbox', ...args], {
    cols,
    rows,
    cwd: home,
    env: {
      PATH: process.env.PATH,
      HOME: home,
      POE_CONFIG_DIR: home,
      TERM: 'xterm-256color',
      COLORFGBG: theme === 'dark' ? '15;0' : '0;15',
    },
  });
  const startedAt = performance.now();
  const now = () => performance.now() - startedAt;
  let unanswered = '';
  child.onData((data) => {
    terminal.write(data, () => onChange(terminal, now()));
    unanswered += data;
    if (unanswered.includes(query)) {
      unanswered = '';
      child.write(answer);
    }
  });
  const ended = new Promise((_resolve, reject) => {
    child.onExit(() => reject(new Error(`The chat has ended:\n${screenOf(terminal)}`)));
  });
  try {
    await Promise.race([ended, play(steps, terminal, (keys) => child.write(keys), now)]);
    return {terminal, images};
  } finally {
    ended.catch(() => {});
    child.kill();
    rmSync(home, {recursive: true, force: true});
  }
}

/**
 * @param {readonly Step[]} steps
 * @param {Terminal} terminal
 * @param {(keys: string) => void} type
 * @param {() => number} now
 */
async function play(steps, terminal, type, now) {
  for (const [screen, keys, {pause = 0, typing = 0} = {}] of steps) {
    while (!screen.test(screenOf(terminal))) {
      if (now() > timeoutMs) throw new Error(`Waiting for ${String(screen)} on this screen:\n${screenOf(terminal)}`);
      await sleep(20);
    }
    await sleep(pause);
    if (typing === 0) type(keys);
    else
      for (const key of keys) {
        type(key);
        await sleep(typing);
      }
  }
  // What the last keys draw.
  await sleep(300);
}

/** The text on the screen and in the scrollback. @param {Terminal} terminal */
function screenOf({buffer: {active}}) {
  return Array.from(
    {length: active.length},
    (_, row) => active.getLine(row)?.translateToString(true).trimEnd() ?? '',
  ).join('\n');
}

/** Collects the images that are drawn by the kitty graphics protocol. @param {Terminal} terminal */
function recordImages(terminal) {
  /** @type {ShownImage[]} */
  const images = [];
  const startedAt = performance.now();
  const write = terminal.write.bind(terminal);
  let rest = '';
  terminal.write = (data, done) => {
    const text = rest + String(data);
    // A sequence may be split. xterm.js does not tell about APC sequences.
    const parts = text.split(/(\u001b_G[^\u001b]*\u001b\\)/);
    const last = parts.at(-1) ?? '';
    const open = last.lastIndexOf('\u001b_G');
    rest = open === -1 ? '' : last.slice(open);
    if (open !== -1) parts[parts.length - 1] = last.slice(0, open);
    for (const part of parts.slice(0, -1)) {
      const [, keys = '', base64 = ''] = /^\u001b_G([^;]*);?([^\u001b]*)/.exec(part) ?? [];
      if (!part.startsWith('\u001b_G')) write(part);
      else write('', () => addImage(images, keys, base64, terminal, performance.now() - startedAt));
    }
    write(parts.at(-1) ?? '', done);
  };
  return images;
}

/**
 * @param {ShownImage[]} images
 * @param {string} keys
 * @param {string} base64
 * @param {Terminal} terminal
 * @param {number} at
 */
function addImage(images, keys, base64, {buffer: {active}}, at) {
  const values = Object.fromEntries(keys.split(',').map((each) => each.split('=')));
  const last = images.at(-1);
  if (values.a === 'T') {
    const place = {line: active.baseY + active.cursorY, column: active.cursorX};
    images.push({data: base64, columns: Number(values.c), rows: Number(values.r), at, ...place});
  } else if (values.a === undefined && last) last.data += base64;
}
