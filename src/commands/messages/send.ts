import {Command, Option} from 'commander';
import type {Context} from '../../context/context.js';
import {addExamples, type Example} from '../shared/examples.js';
import {addApiOptions, type KeyFlags, rejectApiOnlyOptions} from '../shared/api-options.js';
import {readMessage} from '../shared/read-message.js';
import {addMaxPoints, addReplyOptions, rejectWebOnlyOptions, type ReplyFlags, showReply} from '../shared/show-reply.js';

interface SendFlags extends ReplyFlags, KeyFlags {
  bot?: string;
  chat?: string;
  file?: string[];
  maxPoints?: number;
  // Spellings of poe-api-rust.
  botHandle?: string;
  chatId?: string;
  files?: string[];
}

export const send = (context: Context) => {
  const command = addExamples(new Command('send'), examples)
    .summary('Send a message and print the reply')
    .description(
      'Send a message to a bot and print the reply as it arrives. The message is read from the arguments, from stdin ("-"), or from both.',
    )
    .argument('[message...]')
    .option('-b, --bot <bot>', "Bot handle (default: the chat's or account's bot)")
    .option('-c, --chat <chat>', 'Chat to continue: ID, code, URL, or "last"')
    .option('-f, --file <file>', 'Attach a file or https URL (repeatable)', more)
    .addOption(new Option('--bot-handle <bot>').hideHelp())
    .addOption(new Option('--chat-id <chat>').hideHelp())
    .addOption(new Option('--files <file>').argParser(more).hideHelp());
  return addReplyOptions(addMaxPoints(addApiOptions(command))).action(async (words: string[], flags: SendFlags) => {
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

const examples: readonly Example[] = [
  ['poe send -b gemini-2.0-flash "2x2?"'],
  ['git diff | poe send -c last "Review this too"'],
  ['poe send -x "A shell one-liner that counts words" > count.sh'],
];
