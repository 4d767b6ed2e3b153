import {spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';
import {onTestFinished} from 'vitest';
import {temporaryFolder, withSandbox} from './harness.js';

/** What to do once something is on the screen, one after the other. */
export type When = [
  seen: RegExp,
  act: (terminal: {type(text: string): void; resize(cols: number, rows: number): void}) => void,
][];

interface TerminalOptions {
  cols?: number;
  rows?: number;
  env?: Record<string, string>;
  when?: When;
}

/** Runs the real program on a real pseudo-terminal, and reads its screen as a terminal emulator shows it. */
export async function onTerminal(command: string, {cols = 80, rows = 24, env = {}, when = []}: TerminalOptions = {}) {
  const {sandbox, configDir} = await withSandbox({pace: 0.05});
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
      ...env,
    },
  });
  onTestFinished(() => child.kill());
  let bytes = '';
  const waiting = [...when];
  child.onData((data) => {
    bytes += data;
    if (/exit \d+\r\n$/.test(bytes.slice(-10))) child.write('.');
    screen.write(data, () => {
      const [next] = waiting;
      if (!next || !next[0].test(linesOf(screen).join('\n'))) return;
      waiting.shift();
      next[1]({
        type: (text) => child.write(text),
        resize(cols, rows) {
          screen.resize(cols, rows);
          child.resize(cols, rows);
        },
      });
    });
  });
  await new Promise((resolve) => child.onExit(resolve));
  await new Promise<void>((resolve) => screen.write('', resolve));
  return {sandbox, configDir, bytes, lines: linesOf(screen)};
}

/** The lines that stand in the scrollback and on the screen, without the empty ones at the end. */
function linesOf(screen: InstanceType<typeof xterm.Terminal>): string[] {
  const {active} = screen.buffer;
  const lines: string[] = [];
  for (let row = 0; row < active.length; row++) {
    const line = active.getLine(row);
    const text = line?.translateToString(true) ?? '';
    if (line?.isWrapped) lines[lines.length - 1] += text;
    else lines.push(text);
  }
  return lines.join('\n').trimEnd().split('\n');
}
