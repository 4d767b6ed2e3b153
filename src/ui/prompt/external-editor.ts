import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {childEnvironment} from '../../output/terminal/child-environment.js';

/**
 * Opens a text in the user's editor.
 * @param lend runs the work while it has the terminal
 * @returns the edited text
 */
export async function editExternally(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  lend: (work: () => Promise<void>) => Promise<void>,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'poe-'));
  const path = join(folder, 'message.md');
  try {
    writeFileSync(path, text, {mode: 0o600});
    await lend(() => runEditor(env.VISUAL || env.EDITOR || 'vi', path, childEnvironment(env)));
    return readFileSync(path, 'utf8');
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

/** Runs the editor, whose command may contain arguments, and waits for its end. */
function runEditor(editor: string, path: string, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const [program = 'vi', ...args] = editor.split(/\s+/);
    spawn(program, [...args, path], {env, stdio: 'inherit'})
      .on('error', reject)
      .on('exit', () => resolve());
  });
}
