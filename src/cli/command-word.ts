import {confirmOnTerminal} from '../commands/shared/ask-user.js';
import type {Context} from '../context/context.js';
import {PoeError} from '../core/errors.js';
import {suggest} from '../core/names/suggest.js';

/* Messages that were probably meant as commands: `poe sned hello` must not cost points. */

/** Words that look like commands of poe but are none, and what to use instead. */
const lookalikes = new Map(
  Object.entries({
    'poe explore': ['bot', 'bots', 'browse', 'find', 'model', 'models', 'search'],
    'poe history': ['chats', 'conversations', 'list', 'log', 'logs', 'ls'],
    'poe history show <chat>': ['open', 'show', 'view'],
    'poe history export <chat>': ['export'],
    'poe delete-chat <chat>': ['delete', 'remove', 'rm'],
    'poe title <chat> <title>': ['rename'],
    'poe chat': ['interactive', 'new', 'repl', 'run', 'shell', 'start'],
    'poe chat -c last': ['continue', 'resume'],
    'poe config': ['configure', 'preferences', 'prefs'],
    'poe settings': ['account', 'balance', 'credits', 'me', 'points', 'user'],
    'poe login': ['auth', 'init', 'key', 'keys', 'setup', 'signin', 'token', 'tokens'],
    'poe doctor': ['check', 'debug', 'diagnose', 'ping', 'status', 'test'],
    'poe --help': ['bye', 'exit', 'quit'],
    'poe --version': ['ver', 'version'],
    'npm install -g poe-cli': ['update', 'upgrade'],
    'poe help all': ['command', 'commands', 'docs', 'info', 'man', 'manual'],
    'poe send "…"': ['ask', 'message', 'prompt', 'query'],
  }).flatMap(([instead, words]) => words.map((word) => [word, instead] as const)),
);

/**
 * Refuses a message that begins with a command after options of `send`, with a mistyped command, or with the two halves
 * of one.
 * @param words the message
 * @param names the commands
 * @throws PoeError `usage`
 */
export function rejectCommandWord(words: readonly string[], names: readonly string[]): void {
  const [word = '', second = ''] = words;
  const message = `To send it as a message: poe send ${words.join(' ')}`;
  if (names.includes(word)) {
    throw new PoeError('usage', `The command "${word}" must come before its options`, {
      hint: `Put it first: poe ${word} … ${message}`,
    });
  }
  if (!/^[a-z][a-z-]+$/.test(word)) return;
  const halves = `${word}-${second}`;
  const similar = names.includes(halves) ? halves : suggest(word, names);
  if (similar === undefined) return;
  const typed = similar === halves ? `${word} ${second}` : word;
  throw new PoeError('usage', `Unknown command "${typed}". Did you mean ${similar}?`, {hint: message});
}

/**
 * Asks on a terminal before a single word that is probably meant as a command is sent to a bot, which may cost points.
 * @throws PoeError `interrupted` if the user says no
 */
export async function confirmCommandWord(
  words: readonly string[],
  names: ReadonlySet<string>,
  context: Context,
): Promise<void> {
  const [word = '', ...more] = words;
  const instead = more.length > 0 ? undefined : commandLike(word.toLowerCase(), names);
  if (instead === undefined) return;
  await confirmOnTerminal(`"${word}" is not a command (see: ${instead}). Send it to a bot as a message?`, context);
}

/** The command that a word is another name, the beginning, or an uppercase spelling of, or a typo of such a name. */
function commandLike(word: string, names: ReadonlySet<string>): string | undefined {
  const lookalike = lookalikes.get(word);
  if (lookalike !== undefined) return lookalike;
  const name = word.length < 3 ? undefined : [...names].find((each) => each.startsWith(word));
  return name ? `poe ${name}` : lookalikes.get(mistyped(word) ?? '');
}

/** Short words, and words with another first letter, are too often just similar. */
const mistyped = (word: string): string | undefined =>
  suggest(
    word,
    [...lookalikes.keys()].filter((each) => each.length > 3 && each[0] === word[0]),
  );
