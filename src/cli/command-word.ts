import type {Command} from 'commander';
import {confirmOnTerminal} from '../commands/shared/ask-user.js';
import type {Context} from '../context/context.js';

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
    'poe settings': ['account', 'balance', 'config', 'configure', 'credits', 'me', 'points', 'user'],
    'poe login': ['auth', 'init', 'key', 'keys', 'setup', 'signin', 'token', 'tokens'],
    'poe doctor': ['check', 'debug', 'diagnose', 'ping', 'status', 'test'],
    'poe --version': ['ver', 'version'],
    'npm install -g poe-cli': ['update', 'upgrade'],
    'poe help all': ['command', 'commands', 'docs', 'info', 'man', 'manual'],
    'poe send "…"': ['ask', 'message', 'prompt', 'query'],
  }).flatMap(([instead, words]) => words.map((word) => [word, instead] as const)),
);

/**
 * Asks on a terminal before a single word that is probably meant as a command is sent to a bot, which may cost points.
 * @throws PoeError `interrupted` if the user says no
 */
export async function confirmCommandWord(command: Command, root: Command, context: Context): Promise<void> {
  const [word = '', ...more] = command.args;
  const instead = lookalikes.get(word);
  if (instead === undefined || more.length > 0 || command.name() !== 'send' || root.args[0] === 'send') return;
  await confirmOnTerminal(`"${word}" is not a command (see: ${instead}). Send it to a bot as a message?`, context);
}
