import type {Context} from '../context.js';
import {interruption, PoeError} from '../core/errors.js';

/** Asks for a secret, which is not shown while it is typed. @throws PoeError `interrupted` on Ctrl-C */
export async function hidden(name: string, {io, signal}: Context): Promise<string> {
  const {default: password} = await import('@inquirer/password');
  try {
    const answer = await password(
      {
        message: name,
        validate: (value) => value.trim() !== '' || `Paste the value of ${name}, or press Ctrl-C to leave.`,
      },
      {signal, input: io.stdin, output: io.stderr},
    );
    return answer.trim();
  } catch (error) {
    if (error instanceof Error && /^(?:ExitPrompt|AbortPrompt|CancelPrompt)Error$/.test(error.name)) {
      throw signal.aborted ? interruption(signal) : new PoeError('interrupted', 'Interrupted', {cause: error});
    }
    throw error;
  }
}
