import {Command, Option} from 'commander';
import type {Context} from '../../context/context.js';
import type {Since} from '../../core/account.js';
import {PoeError} from '../../core/errors.js';
import {isUserMessage} from '../../core/message.js';
import {relativeTime} from '../../output/format/time.js';
import type {Column, TerminalOptions} from '../../output/list/columns.js';
import {type Found, nameOf, type SnippetParts} from '../shared/view/found-message.js';
import {parseCount} from '../shared/options/parse-count.js';
import {parseSince, sinceDate} from '../shared/options/parse-since.js';

interface Flags {
  bot?: string;
  since?: Since;
  role?: 'user' | 'bot';
  regex?: boolean;
  limit: number;
}

const defaultLimit = 20;

export const search = (context: Context) =>
  new Command('search')
    .summary('Search the messages of your archive')
    .description(
      'Search the messages that poe sync has copied to this machine, newest first. A message must contain all words, also as parts of other words, in any letter case, with or without accents. Quote a phrase.',
    )
    .argument('<words...>', 'Words, or with --regex a regular expression')
    .option('--bot <bot>', 'Only messages of this bot, and questions to it')
    .option('--since <time>', 'Only messages since then: 7d, 2w or 2026-04-01', parseSince)
    .addOption(new Option('--role <role>', 'Only messages from you, or from bots').choices(['user', 'bot']))
    .option('--regex', 'Search for a regular expression')
    .option('-n, --limit <count>', `Maximum number of messages (default: ${defaultLimit})`, parseCount, defaultLimit)
    .action(async (words: string[], {bot, since, role, regex = false, limit}: Flags) => {
      if (words.every((word) => word.trim() === '')) throw noWords();
      const pattern = regex ? parsePattern(words.join(' ')) : undefined;
      await context.withArchive(
        async (archive) => {
          const last = archive.lastSync();
          const isEmpty = !archive.hasChats();
          const {hasWords, snippetOf} = await import('../../context/archive/snippet.js');
          if (!pattern && !hasWords(words)) throw noWords();
          const options = {pattern, limit, bot, role, since: since && sinceDate(since)};
          const found = function* (): Generator<Found, void, undefined> {
            for (const hit of archive.search(words, options)) {
              yield toFound(hit, snippetOf(hit.message.text, words, pattern));
            }
          };
          const empty = isEmpty ? 'The archive is empty. To copy your chats: poe sync' : 'No messages were found.';
          const lines = context.io.stdout.isTTY ? await linesOf(words, pattern) : undefined;
          const count = await context.output.list(found(), columns, {empty, lines});
          if (!isEmpty) noteAge(context, last, count);
        },
        {mayCreate: false},
      );
    });

const noWords = () =>
  new PoeError('usage', 'The words to search for are empty', {hint: 'To list your chats: poe history'});

function toFound({chat, message, deleted}: Pick<Found, 'chat' | 'message' | 'deleted'>, parts: SnippetParts): Found {
  return {
    chat,
    messageId: message.messageId,
    role: isUserMessage(message) ? 'user' : 'bot',
    time: message.creationTime,
    snippet: parts.before + parts.match + parts.after,
    parts,
    message,
    deleted,
  };
}

/** How messages are shown on a terminal. */
async function linesOf(
  words: readonly string[],
  pattern: RegExp | undefined,
): Promise<(found: Found, options: TerminalOptions) => string> {
  const [{foundParagraphs}, {splitAtWords}] = await Promise.all([
    import('../shared/view/found-lines.js'),
    import('../../context/archive/snippet.js'),
  ]);
  return foundParagraphs(({before, match, after}) =>
    pattern ? [before, match, after] : splitAtWords(before + match + after, words),
  );
}

function parsePattern(source: string): RegExp {
  try {
    return new RegExp(source, 'imu');
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^Invalid regular expression: .*: /s, '') : '';
    throw new PoeError('usage', `Invalid regular expression: ${reason}`, {
      hint: 'Correct it, or omit --regex.',
      cause: error,
    });
  }
}

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Says how old the copies are if they may lack what was searched for. @param last null if only some chats were copied */
function noteAge({output}: Context, last: string | null, count: number): void {
  if (output.isJson) return;
  if (last === null) output.note('Only some of your chats have been copied. To copy all: poe sync');
  else if (Date.now() - Date.parse(last) >= (count === 0 ? minuteMs : dayMs))
    output.note(`The last sync was ${relativeTime(last)}. To copy newer messages: poe sync`);
}

const columns: readonly Column<Found>[] = [
  {title: 'Chat', value: ({chat}) => chat.chatCode ?? chat.chatId},
  {title: 'Message', value: ({messageId}) => messageId},
  {title: 'Time', value: ({time}) => time},
  {title: 'From', value: nameOf},
  {title: 'Text', value: ({snippet}) => snippet},
];
