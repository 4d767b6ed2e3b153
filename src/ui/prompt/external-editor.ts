import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {openEditor} from '../../output/terminal/programs/editor.js';

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
  const folder = mkdtempSync(join(tmpdir(), 'poe-'));
  const path = join(folder, 'message.md');
  try {
    writeFileSync(path, text, {mode: 0o600});
    let failure: string | undefined;
    await lend(async () => {
      failure = await openEditor(path, env);
    });
    if (failure === undefined) return {text: readFileSync(path, 'utf8')};
    return {failure: failure.includes(': ') ? failure : `${failure}. The message is unchanged.`};
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}
