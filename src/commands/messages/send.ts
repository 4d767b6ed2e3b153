import {Command, Option} from 'commander';
import type {Context} from '../../context/context.js';
import {addApiOptions, type KeyFlags, rejectApiOnlyOptions} from '../shared/api-options.js';
import {readMessage} from '../shared/read-message.js';
import {addMaxPoints, addReplyOptions, rejectWebOnlyOptions, type ReplyFlags, showReply} from '../shared/show-reply.js';

interface SendFlags extends ReplyFlags, KeyFlags {
  bot?: string;
  chat?: string;
  file?: string[];
  maxPoints?: number;
  // The spellings of poe-api-rust.
  botHandle?: string;
  chatId?: string;
  files?: string[];
}

export const send = (context: Context) => {
  const command = new Command('send')
    .summary('send a message to a bot and print its reply')
    .description(
      'Send a message to a bot and print its reply as it comes in: rendered Markdown on a terminal, the exact text in a pipe.\n' +
        'The message is the words given, or what comes in on stdin, or both: the words, a blank line, then stdin.',
    )
    .argument('[message...]', 'the message; - stands for stdin')
    .option(
      '-b, --bot <bot>',
      "the bot's handle, in any letter case (default: the chat's bot, else the account's default bot)",
    )
    .option('-c, --chat <chat>', 'go on with a chat: its number, code or address, or last')
    .option('-f, --file <file>', 'send a file along: a path or an https address; may be given several times', more)
    .addOption(new Option('--bot-handle <bot>').hideHelp())
    .addOption(new Option('--chat-id <chat>').hideHelp())
    .addOption(new Option('--files <file>').argParser(more).hideHelp());
  return addReplyOptions(addMaxPoints(addApiOptions(command)))
    .addHelpText('after', examples)
    .action(async (words: string[], flags: SendFlags) => {
      const {signal} = context;
      const bot = flags.bot ?? (flags.botHandle || undefined);
      const chat = flags.chat ?? flags.chatId;
      const files = [...(flags.file ?? []), ...(flags.files ?? [])];
      const message = await readMessage(words, context);
      const known = chat ? await context.chat(chat) : undefined;
      const isByKey = known ? await context.isLocal(known) : await goesByKey(flags, context);
      if (isByKey) rejectWebOnlyOptions(flags);
      else rejectApiOnlyOptions(flags);
      const kept = isByKey && !bot && !known ? await context.official.defaultBot() : undefined;
      if (isByKey && !bot && !known && !kept) context.output.note(defaultNote);
      const waiting = `Asking ${bot ?? kept ?? 'Poe'}`;
      await showReply(context, {text: waiting}, flags, async (say) =>
        (isByKey ? await context.api() : await context.web()).send(message, {
          bot: bot ?? kept,
          chat: known,
          files,
          parameters: flags.param,
          protocol: flags.protocol,
          maxPoints: flags.maxPoints,
          awaitTitle: flags.streamJson || flags.info || context.output.isJson,
          onUpload: ({sent, total}) =>
            say(sent < total ? `Sending files: ${Math.floor((100 * sent) / total)} %` : waiting),
          signal,
        }),
      );
    });
};

/** The way of a new chat: what only one of the two can do decides, where there are both. */
async function goesByKey({share, maxPoints, param, protocol}: SendFlags, context: Context): Promise<boolean> {
  if ((param || protocol) && (await context.has('api'))) return true;
  if ((share || maxPoints !== undefined) && (await context.has('web'))) return false;
  return context.isLocal();
}

const defaultNote =
  'Assistant is asked: the API does not tell the default bot of the account. -b names another one, poe settings default-bot keeps one.';

const more = (value: string, before: string[] = []): string[] => [...before, value];

const examples = `
Examples:
  poe send -b gemini-2.0-flash "2x2?"
  git diff | poe send "review this"
  poe send -c last "and in French?"
  poe send -f photo.png "what is this?"
  poe send -x "a shell one-liner that counts the words of a file" > count.sh
  poe send --json "2x2?" | jq -r .text
  poe send --sandbox "2x2?"            without an account
`;
