import process from 'node:process';
import {childEnvironment} from '../../output/terminal/programs/child-environment.js';

type Env = Readonly<Record<string, string | undefined>>;

interface CopyOptions {
  env: Env;
  stdout: NodeJS.WritableStream;
  signal: AbortSignal;
  platform?: NodeJS.Platform;
}

/**
 * Copies a text to the clipboard: with a program of this system, through tmux, or through the terminal, which may ignore it.
 * @returns what was done, for the user
 */
export async function copyToClipboard(text: string, {env, stdout, signal, platform}: CopyOptions): Promise<string> {
  for (const [program, ...args] of clipboardPrograms(env, platform ?? process.platform)) {
    const input = program === 'clip.exe' ? Buffer.from(`\uFEFF${text}`, 'utf16le') : text;
    if (await succeeds([program, ...args], input, env, signal)) return `Copied to the clipboard with ${program}`;
  }
  if (env.TMUX) {
    // Since tmux 3.2, -w also sends the text to the terminal.
    if (await succeeds(['tmux', 'load-buffer', '-w', '-'], text, env, signal))
      return 'Copied to the tmux buffer and sent to the terminal';
    if (await succeeds(['tmux', 'load-buffer', '-'], text, env, signal)) return 'Copied to the tmux buffer';
  }
  stdout.write(env.STY && !env.TMUX ? throughScreen(terminalCopy(text)) : terminalCopy(text));
  return 'Sent to the terminal, which may put it into the clipboard';
}

type CommandLine = readonly [program: string, ...args: string[]];

/** The programs to try. In a remote session they would fill the clipboard of the remote machine. */
function clipboardPrograms(env: Env, platform: NodeJS.Platform): CommandLine[] {
  if (env.SSH_CONNECTION || env.SSH_TTY) return [];
  if (platform === 'darwin') return [['pbcopy']];
  if (platform === 'win32') return [['clip.exe']];
  return [
    ...(env.WSL_DISTRO_NAME ? ([['clip.exe']] as const) : []),
    ...(env.WAYLAND_DISPLAY ? ([['wl-copy']] as const) : []),
    ...(env.DISPLAY
      ? ([
          ['xclip', '-selection', 'clipboard'],
          ['xsel', '--clipboard', '--input'],
        ] as const)
      : []),
  ];
}

const timeoutMs = 3000;

/** Runs a program with a text on its stdin. @returns whether it succeeded; false if it is not installed */
async function succeeds([program, ...args]: CommandLine, input: string | Buffer, env: Env, signal: AbortSignal) {
  const {spawn} = await import('node:child_process');
  return new Promise<boolean>((resolve) => {
    // These programs stay in the background to serve the clipboard, so their output must not be waited for.
    const child = spawn(program, args, {
      env: childEnvironment(env),
      stdio: ['pipe', 'ignore', 'ignore'],
      timeout: timeoutMs,
      signal,
    });
    child.on('error', () => resolve(false)).on('exit', (code) => resolve(code === 0));
    // A program that fails may close its stdin early.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** OSC 52: the terminal itself fills the clipboard, also over SSH. */
const terminalCopy = (text: string): string => `\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`;

/** GNU screen passes on what is in a DCS sequence of limited length: 256 bytes in old versions. */
function throughScreen(sequence: string): string {
  const pieces = sequence.match(/[^]{1,240}/g) ?? [];
  return pieces.map((piece) => `\u001bP${piece}\u001b\\`).join('');
}
