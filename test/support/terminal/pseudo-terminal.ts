import process from 'node:process';
import {setImmediate} from 'node:timers/promises';
import {type IPty, spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';
import {expect, onTestFailed, onTestFinished} from 'vitest';
import type {TestSandbox} from '../../../src/sandbox/faults/test-sandbox.js';
import type {SiteVersion} from '../../../src/core/web/protocol/operations.js';
import {shareCompiledCode, storeSiteFacts} from '../setup/earlier-run.js';
import {temporaryFolder, withSandbox} from '../harness.js';
import {linesOf, styledLinesOf} from './screen-lines.js';

export interface At {
  type(text: string): void;
  resize(cols: number, rows: number): Promise<void>;
  /** Closes the terminal, like closing its window. */
  hangUp(): void;
  sandbox: TestSandbox;
  configDir: string;
  /** The lines of the scrollback and the screen, with the rules around the prompt and its placeholder. */
  screen(): string[];
}

/** The position of the terminal's cursor: the column, and the text of the row. */
interface Cursor {
  column: number;
  row: string;
}

type Seen = RegExp | ((shown: string, cursor: Cursor) => boolean);

/**
 * Actions in order, each with what must be on the screen first, apart from the rules around the prompt and its placeholder. It must
 * not be there before the action of the step before, unless it is `independent` of that, or the program draws it again.
 */
export type When = [seen: Seen, act: (at: At, shown: string) => unknown, relation?: 'independent' | 'again'][];

export interface TerminalOptions {
  cols?: number;
  rows?: number;
  env?: Record<string, string> | ((sandbox: TestSandbox) => Promise<Record<string, string>>);
  when?: When;
  /** What the terminal answers when this arrives. xterm.js answers no questions about images. */
  answers?: readonly [query: string, answer: string, delayMs?: number][];
  /** The site version of the sandbox. */
  site?: SiteVersion;
  /** How long the answers of the sandbox take; 1 is like those of Poe. */
  pace?: number;
  /** How many frames of each reply the sandbox writes before the test lets it go on: see `Faults.holdAfter`. */
  heldAfter?: number;
}

/** The status bar of a new chat, which accepts messages. A narrow terminal has no room for its title. */
export const readyChat = /\w · new chat|\w {2,}(?:\d+ per message · )?[\d,]+ left/;

/** The source of a pattern for the status bar at the end of a screen, as the chat draws it on a terminal of that width. */
export const statusBar = (columns: number): string => String.raw`\n(?=.{${columns - 2}}$).* left$`;

/** Runs a command on a pseudo-terminal. @returns the lines as a terminal emulator shows them, and the bytes written */
export async function onTerminal(
  command: string,
  {
    cols = 80,
    rows = 24,
    env = {},
    when = [],
    answers = [],
    site = '2026-08',
    pace = 0.05,
    heldAfter,
  }: TerminalOptions = {},
) {
  const {sandbox, configDir} = await withSandbox({pace, site});
  if (heldAfter !== undefined) sandbox.faults.holdAfter(heldAfter);
  shareCompiledCode(configDir);
  storeSiteFacts(configDir, sandbox);
  const more = typeof env === 'function' ? await env(sandbox) : env;
  const screen = new xterm.Terminal({cols, rows, scrollback: 10_000, allowProposedApi: true});
  // The shell waits until its last line was read: output that is unread when the last program exits can be lost.
  const child = spawn('bash', ['-c', `echo before; ${command}; code=$?; stty -echo; echo "exit $code"; read -rn1`], {
    cols,
    rows,
    env: {
      PATH: process.env.PATH,
      HOME: temporaryFolder(),
      TERM: 'xterm-256color',
      ...sandbox.env,
      POE_CONFIG_DIR: configDir,
      ...more,
    },
  });
  let isRunning = true;
  const ended = new Promise<void>((resolve) => child.onExit(() => resolve())).then(() => void (isRunning = false));
  onTestFinished(() => (isRunning ? killAll(child, ended) : undefined));
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_resolve, reject) => (fail = reject));
  const tooTall = recordTooTall(screen);
  onTestFailed(() => {
    process.stderr.write(`Waiting for ${String(waiting[0]?.[0])} on this screen:\n${linesOf(screen).join('\n')}\n`);
  });
  let bytes = '';
  const waiting = [...when];
  const tooEarly: string[] = [];
  const unanswered = [...answers];
  let answeredUntil = 0;
  /**
   * A terminal reads what has arrived before it takes a new size, even if this process is slow to read. A frame that has begun is
   * read to its end.
   */
  const allRead = async () => {
    for (let before = -1; before < bytes.length || (screen.modes.synchronizedOutputMode && isRunning);) {
      before = bytes.length;
      await setImmediate();
      await setImmediate();
      await new Promise<void>((resolve) => screen.write('', resolve));
    }
  };
  const terminal: At = {
    sandbox,
    configDir,
    screen: () => linesOf(screen),
    type: (text) => child.write(text),
    async resize(cols, rows) {
      await allRead();
      screen.resize(cols, rows);
      child.resize(cols, rows);
    },
    // The type lacks `destroy`, which closes the other end of the terminal.
    hangUp: () => (child as IPty & {destroy(): void}).destroy(),
  };
  const shown = () => undecorated(linesOf(screen)).join('\n');
  const isNext = () => waiting[0] !== undefined && isSeen(waiting[0][0], shown(), cursorOf(screen));
  let isActing = false;
  let actedAt = 0;
  /** Acts if the screen shows, at the end of a frame, what the next step waits for. Before that, it reads what else was written. */
  const advance = async () => {
    if (isActing || screen.modes.synchronizedOutputMode || bytes.length === actedAt || !isNext()) return;
    isActing = true;
    await allRead();
    const [, act] = waiting.shift() ?? [];
    await act?.(terminal, shown());
    isActing = false;
    actedAt = bytes.length;
    if (!isNext()) return;
    const [seen, , relation] = waiting[0] ?? [];
    if (relation === undefined) tooEarly.push(`${when.length - waiting.length}: ${String(seen)}`);
    if (relation === 'independent') actedAt = -1;
    await advance();
  };
  child.onData((data) => {
    bytes += data;
    const [query] = unanswered;
    const at = query ? bytes.indexOf(query[0], answeredUntil) : -1;
    if (query && at !== -1) {
      answeredUntil = at + query[0].length;
      unanswered.shift();
      setTimeout(() => child.write(query[1]), query[2] ?? 0);
    }
    if (/exit \d+\r\n$/.test(bytes.slice(-10))) child.write('.');
    // What several frames show in between counts, too.
    for (const frame of data.split(/(?<=\u001b\[\?2026l)/)) screen.write(frame, () => void advance().catch(fail));
  });
  await Promise.race([ended, failed]);
  await new Promise<void>((resolve) => screen.write('', resolve));
  expect(tooTall).toEqual([]);
  expect(tooEarly).toEqual([]);
  return {sandbox, configDir, bytes, lines: linesOf(screen), styled: styledLinesOf(screen)};
}

/** Without the rules around the prompt, and without its placeholder. */
const undecorated = (lines: readonly string[]): string[] =>
  lines.filter((line) => !/^─+$/.test(line)).map((line) => line.replace(/^> Type a message$/, '> '));

/** Kills the shell of a terminal and its programs, and waits for their end: they may write to folders that are removed next. */
async function killAll(shell: IPty, ended: Promise<void>): Promise<void> {
  try {
    process.kill(-shell.pid, 'SIGKILL');
  } catch {
    // They have ended.
  }
  await ended;
}

const isSeen = (seen: Seen, shown: string, cursor: Cursor): boolean =>
  seen instanceof RegExp ? seen.test(shown) : seen(shown, cursor);

function cursorOf({buffer: {active}}: InstanceType<typeof xterm.Terminal>): Cursor {
  const row = active.getLine(active.baseY + active.cursorY)?.translateToString(true) ?? '';
  return {column: active.cursorX, row: row.trimEnd()};
}

/** Records cursor movements above the screen. They occur if a frame is too tall, and its first rows can then not be erased. */
function recordTooTall(screen: InstanceType<typeof xterm.Terminal>): string[] {
  const found: string[] = [];
  screen.parser.registerCsiHandler({final: 'A'}, ([up]) => {
    const {cursorY} = screen.buffer.active;
    if (Number(up || 1) > cursorY) found.push(`${Number(up || 1)} rows up from row ${cursorY} of ${screen.rows}`);
    return false;
  });
  return found;
}
