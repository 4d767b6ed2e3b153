import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {childEnvironment} from '../../output/terminal/child-environment.js';

/**
 * Opens a text in the user's editor, `$VISUAL` or `$EDITOR`.
 * @param lend runs the work while it has the terminal
 * @returns the edited text, or why there is none
 */
export async function editExternally(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  lend: (work: () => Promise<void>) => Promise<void>,
): Promise<{text: string} | {failure: string}> {
  const editor = env.VISUAL || env.EDITOR || (process.platform === 'win32' ? 'notepad' : 'vi');
  const folder = mkdtempSync(join(tmpdir(), 'poe-'));
  const path = join(folder, 'message.md');
  try {
    writeFileSync(path, text, {mode: 0o600});
    let status: number | string = 0;
    await lend(async () => {
      status = await runEditor(editor, path, childEnvironment(env));
    });
    return status === 0 ? {text: readFileSync(path, 'utf8')} : {failure: reasonOf(editor, status)};
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

/** Runs the editor as Git does: the shell reads its command, which may have quotes and arguments. */
function runEditor(editor: string, path: string, env: NodeJS.ProcessEnv): Promise<number | string> {
  const isWindows = process.platform === 'win32';
  const child = isWindows
    ? spawn(`${editor} "${path}"`, {env, stdio: 'inherit', shell: true})
    : spawn('sh', ['-c', `${editor} "$@"`, editor, path], {env, stdio: 'inherit'});
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('exit', (code, signal) => resolve(code ?? signal ?? 1));
  });
}

function reasonOf(editor: string, status: number | string): string {
  if (status === 127) return `The editor was not found: ${editor}`;
  if (status === 126) return `The editor cannot be executed: ${editor}`;
  return typeof status === 'number'
    ? `The editor exited with code ${status}. The message is unchanged.`
    : `The editor was ended by ${status}. The message is unchanged.`;
}
