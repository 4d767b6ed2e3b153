import {sanitize} from '../../../output/terminal/sanitize.js';
import {set, showNotice} from '../../state/transitions.js';
import type {ChatSession} from '../chat-session.js';

/** Runs what follows the `!` in the user's shell, prints its output, and offers it for the next message. */
export async function runShellCommand(session: ChatSession, line: string, signal: AbortSignal): Promise<void> {
  const {deps, store, theme} = session;
  const command = line.replace(/^!/, '').trim();
  if (command === '') return store.apply(showNotice('Usage: !<command>, for example !git status'));
  const {runShell} = await import('../../shell/run-shell.js');
  // A dumb terminal shows what was typed.
  if (!deps.isDumb) store.print(`${theme.accent('!')} ${theme.text(sanitize(command))}\n`);
  const {output, failure} = await runShell(command, deps.env, signal);
  const shown = sanitize(output).replace(/\n+$/, '');
  const isSilent = shown.trim() === '' && failure === undefined;
  const end = isSilent ? '(no output)' : failure === undefined ? '' : `(${failure})`;
  const lines = [shown, end === '' ? '' : theme.dim(end)].filter((each) => each !== '');
  store.print(`${[...lines, ''].join('\n')}\n`);
  const text = [shown, end].filter((each) => each !== '').join('\n');
  store.apply(set({shellOutput: {command, text}}));
}
