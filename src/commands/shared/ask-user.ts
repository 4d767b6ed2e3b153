import type {Context} from '../../context/context.js';
import {interruption, PoeError} from '../../core/errors.js';
import {sanitizeLine} from '../../output/terminal/sanitize.js';

/** Asks for a secret without showing what is typed. @throws PoeError `interrupted` on Ctrl+C */
export async function askSecret(name: string, context: Context, signal = context.signal): Promise<string> {
  const {default: password} = await import('@inquirer/password');
  const validate = (value: string) => value.trim() !== '' || `Paste the ${name}, or press Ctrl+C to cancel.`;
  const answer = await prompt(context, (streams) => password({message: name, validate}, {...streams, signal}));
  return answer.trim();
}

/**
 * Asks for confirmation before something is deleted or replaced.
 * @param refusal the error if there is no terminal to ask on
 * @throws PoeError `interrupted` if the user says no
 */
export async function confirm(question: string, context: Context, refusal = needsTerminal()): Promise<void> {
  const {ask} = context.io;
  if (ask) return requireAnswer(/^y(?:es)?$/i, await ask(`${question} (y/N)`));
  if (!isTerminal(context)) throw refusal;
  const {default: confirm} = await import('@inquirer/confirm');
  const message = sanitizeLine(question);
  if (!(await prompt(context, (streams) => confirm({message, default: false}, streams)))) throw cancelled();
}

/** As `confirm`, but without a terminal the answer is yes: for a question about named items. */
export async function confirmOnTerminal(question: string, context: Context): Promise<void> {
  if (isTerminal(context) || context.io.ask) await confirm(question, context);
}

/** As `confirm`, but the user has to type a word. */
export async function confirmByWord(warning: string, word: string, context: Context): Promise<void> {
  const question = `${warning} Type ${word} to continue:`;
  const expected = new RegExp(`^${word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`, 'i');
  const {ask} = context.io;
  if (ask) return requireAnswer(expected, await ask(question));
  if (!isTerminal(context)) throw needsTerminal();
  const {default: input} = await import('@inquirer/input');
  requireAnswer(expected, await prompt(context, (streams) => input({message: sanitizeLine(question)}, streams)));
}

/** Asks for a number from 1 to `highest`. @returns undefined without a terminal, or if the user only presses Enter */
export async function askNumber(question: string, highest: number, context: Context): Promise<number | undefined> {
  if (!isTerminal(context) || context.output.isJson) return undefined;
  const {default: input} = await import('@inquirer/input');
  const message = `${sanitizeLine(question)} (1-${highest} or Enter)`;
  const isValid = (value: string) =>
    value.trim() === '' || (/^\d+$/.test(value.trim()) && Number(value) >= 1 && Number(value) <= highest);
  const validate = (value: string) => isValid(value) || `Type a number from 1 to ${highest}.`;
  const answer = await prompt(context, (streams) => input({message, validate}, streams));
  return answer.trim() === '' ? undefined : Number(answer);
}

function requireAnswer(expected: RegExp, answer = ''): void {
  if (!expected.test(answer.trim())) throw cancelled();
}

const isTerminal = ({io}: Context) => io.stdin.isTTY === true && io.stderr.isTTY === true;

const needsTerminal = () =>
  new PoeError('usage', 'Nothing was deleted: confirmation requires a terminal', {
    hint: 'To delete without confirmation, add --yes.',
  });

const cancelled = () => new PoeError('interrupted', 'Cancelled');

interface Streams {
  signal: AbortSignal;
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
}

/** Shows a prompt. @throws PoeError `interrupted` on Ctrl+C */
async function prompt<T>({io, signal}: Context, show: (streams: Streams) => Promise<T>): Promise<T> {
  try {
    return await show({signal, input: io.stdin, output: io.stderr});
  } catch (error) {
    if (error instanceof Error && /^(?:ExitPrompt|AbortPrompt|CancelPrompt)Error$/.test(error.name)) {
      throw signal.aborted ? interruption(signal) : new PoeError('interrupted', 'Interrupted', {cause: error});
    }
    throw error;
  }
}
