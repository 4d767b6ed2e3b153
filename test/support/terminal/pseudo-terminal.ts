import {type IPty, spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';
import {expect, onTestFailed, onTestFinished} from 'vitest';
import type {TestSandbox} from '../../../src/sandbox/faults/test-sandbox.js';
import type {SiteVersion} from '../../../src/core/web/protocol/operations.js';
import {temporaryFolder, withSandbox} from '../harness.js';

export interface At {
  type(text: string): void;
  resize(cols: number, rows: number): void;
  /** The terminal goes, as when its window is closed. */
  hangUp(): void;
  sandbox: TestSandbox;
  configDir: string;
}

/** Where the terminal's own cursor is: in which column, and of which row. */
interface Cursor {
  column: number;
  row: string;
}

/** What to do once something is on the screen, one after the other. */
export type When = [
  seen: RegExp | ((shown: string, cursor: Cursor) => boolean),
  act: (at: At, shown: string) => void,
][];

interface TerminalOptions {
  cols?: number;
  rows?: number;
  env?: Record<string, string> | ((sandbox: TestSandbox) => Promise<Record<string, string>>);
  when?: When;
  /** The site version of the sandbox. */
  site?: SiteVersion;
}

/** Runs the real program on a real pseudo-terminal, and reads its screen as a terminal emulator shows it. */
export async function onTerminal(
  command: string,
  {cols = 80, rows = 24, env = {}, when = [], site = '2026-08'}: TerminalOptions = {},
) {
  const {sandbox, configDir} = await withSandbox({pace: 0.05, site});
  const more = typeof env === 'function' ? await env(sandbox) : env;
  const screen = new xterm.Terminal({cols, rows, scrollback: 10_000, allowProposedApi: true});
  // The shell stays until its last line has been read: what a terminal holds when its last program ends may be lost.
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
  onTestFinished(() => child.kill());
  const tooHigh = whenTooHigh(screen);
  onTestFailed(() => {
    process.stderr.write(`Waiting for ${String(waiting[0]?.[0])} on this screen:\n${linesOf(screen).join('\n')}\n`);
  });
  let bytes = '';
  const waiting = [...when];
  child.onData((data) => {
    bytes += data;
    if (/exit \d+\r\n$/.test(bytes.slice(-10))) child.write('.');
    screen.write(data, () => {
      const [next] = waiting;
      const shown = linesOf(screen).join('\n');
      if (!next || !isSeen(next[0], shown, cursorOf(screen))) return;
      waiting.shift();
      const terminal = {
        sandbox,
        configDir,
        type: (text: string) => child.write(text),
        resize(cols: number, rows: number) {
          screen.resize(cols, rows);
          child.resize(cols, rows);
        },
        // Its type does not have what closes the terminal's own end.
        hangUp: () => (child as IPty & {destroy(): void}).destroy(),
      };
      next[1](terminal, shown);
    });
  });
  await new Promise((resolve) => child.onExit(resolve));
  await new Promise<void>((resolve) => screen.write('', resolve));
  expect(tooHigh).toEqual([]);
  return {sandbox, configDir, bytes, lines: linesOf(screen)};
}

const isSeen = (seen: When[number][0], shown: string, cursor: Cursor): boolean =>
  seen instanceof RegExp ? seen.test(shown) : seen(shown, cursor);

function cursorOf({buffer: {active}}: InstanceType<typeof xterm.Terminal>): Cursor {
  const row = active.getLine(active.baseY + active.cursorY)?.translateToString(true) ?? '';
  return {column: active.cursorX, row: row.trimEnd()};
}

/**
 * Watches each frame: one of more rows than the terminal has but one reaches above the screen, where the cursor cannot go to
 * erase it.
 */
function whenTooHigh(screen: InstanceType<typeof xterm.Terminal>): string[] {
  const found: string[] = [];
  screen.parser.registerCsiHandler({final: 'A'}, ([up]) => {
    const {cursorY} = screen.buffer.active;
    if (Number(up || 1) > cursorY) found.push(`${Number(up || 1)} rows up from row ${cursorY} of ${screen.rows}`);
    return false;
  });
  return found;
}

/**
 * The lines that stand in the scrollback and on the screen, without the empty ones at the end. What the terminal broke is one
 * line; the rows at the bottom of a chat, which go on from one to the next too, are parted by blanks.
 */
function linesOf(screen: InstanceType<typeof xterm.Terminal>): string[] {
  const {active} = screen.buffer;
  const lines: string[] = [];
  let before = '';
  for (let row = 0; row < active.length; row++) {
    const line = active.getLine(row);
    const whole = line?.translateToString() ?? '';
    const text = line?.translateToString(true).replace(/ {2,}$/, '') ?? '';
    if (line?.isWrapped && !before.endsWith('  ')) lines[lines.length - 1] += text;
    else lines.push(text);
    before = whole;
  }
  return lines.join('\n').trimEnd().split('\n');
}
