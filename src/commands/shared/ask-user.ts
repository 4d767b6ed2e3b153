import type {Context} from '../../context/context.js';
import {interruption, PoeError} from '../../core/errors.js';
import {sanitizeLine} from '../../output/terminal/sanitize.js';

/** Asks for a secret, which is not shown while it is typed. @throws PoeError `interrupted` on Ctrl-C */
export async function askSecret(name: string, context: Context, signal = context.signal): Promise<string> {
  const {default: password} = await import('@inquirer/password');
  const validate = (value: string) => value.trim() !== '' || `Paste the value of ${name}, or press Ctrl-C to leave.`;
  const answer = await asked(context, (streams) => password({message: name, validate}, {...streams, signal}));
  return answer.trim();
}

/** Asks whether something is to be destroyed. @throws PoeError `usage` without a terminal, `interrupted` for no */
export async function confirm(question: string, context: Context, refusal = unasked()): Promise<void> {
  const {ask: askHere} = context.io;
  if (askHere) return agreed(/^y(?:es)?$/i, await askHere(`${question} (y/N)`));
  if (!isTerminal(context)) throw refusal;
  const {default: ask} = await import('@inquirer/confirm');
  if (!(await asked(context, (streams) => ask({message: sanitizeLine(question), default: false}, streams))))
    throw declined();
}

/** As `confirm`, for what is named so exactly that it needs no asking where nobody is there to ask. */
export async function confirmOnTerminal(question: string, context: Context): Promise<void> {
  if (isTerminal(context) || context.io.ask) await confirm(question, context);
}

/** Asks to type a word before everything is destroyed. @throws PoeError as `confirm` */
export async function confirmByWord(warning: string, word: string, context: Context): Promise<void> {
  const question = `${warning} Type ${word} to continue:`;
  const isWord = new RegExp(`^${word}$`, 'i');
  const {ask: askHere} = context.io;
  if (askHere) return agreed(isWord, await askHere(question));
  if (!isTerminal(context)) throw unasked();
  const {default: ask} = await import('@inquirer/input');
  agreed(isWord, await asked(context, (streams) => ask({message: sanitizeLine(question)}, streams)));
}

function agreed(yes: RegExp, answer = ''): void {
  if (!yes.test(answer.trim())) throw declined();
}

const isTerminal = ({io}: Context) => io.stdin.isTTY === true && io.stderr.isTTY === true;

const unasked = (): PoeError =>
  new PoeError('usage', 'Nothing was deleted: there is no terminal to ask on', {hint: 'Say --yes if you are sure.'});

const declined = () => new PoeError('interrupted', 'Cancelled');

interface Streams {
  signal: AbortSignal;
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
}

/** Leaving a question is leaving the command. */
async function asked<T>({io, signal}: Context, ask: (streams: Streams) => Promise<T>): Promise<T> {
  try {
    return await ask({signal, input: io.stdin, output: io.stderr});
  } catch (error) {
    if (error instanceof Error && /^(?:ExitPrompt|AbortPrompt|CancelPrompt)Error$/.test(error.name)) {
      throw signal.aborted ? interruption(signal) : new PoeError('interrupted', 'Interrupted', {cause: error});
    }
    throw error;
  }
}
