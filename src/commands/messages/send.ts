import {Command, Option} from 'commander';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import {addExamples, type Example} from '../shared/options/examples.js';
import {
  addBotOptions,
  addNewChatOptions,
  type BotFlags,
  botOptions,
  type NewChatFlags,
  readSystem,
} from '../shared/options/bot-options.js';
import {addMessageOptions, type MessageTextFlags} from '../shared/options/message-options.js';
import {jsonReplies} from '../shared/schema/schema-option.js';
import {addMediaOptions, type MediaFlags, mediaParameters} from '../shared/options/media-options.js';
import {checkDetach, sendDetached} from '../shared/detach.js';
import {fileSources} from '../shared/file-sources.js';
import type {TemplateMessage} from '../shared/use-template.js';
import {type MessageFlags, readMessage} from '../shared/read-message.js';
import {addRetries, type RetriesFlags} from '../shared/options/retries-option.js';
import {showSentImages} from '../shared/view/show-images.js';
import {addMaxPoints, addReplyOptions, type ReplyFlags, showReply} from '../shared/view/show-reply.js';

export interface SendFlags
  extends ReplyFlags, BotFlags, MediaFlags, NewChatFlags, MessageFlags, MessageTextFlags, RetriesFlags {
  bot?: string;
  chat?: string;
  file?: string[];
  maxPoints?: number;
  // Other names of --bot and --temporary.
  save?: boolean;
  // Spellings of poe-api-rust.
  botHandle?: string;
  chatId?: string;
  files?: string[];
}

export const send = (context: Context) =>
  addSendOptions(
    addExamples(new Command('send'), examples)
      .summary('Send a message and print the reply')
      .description('Send a message, from the arguments, stdin ("-") or both, and print the reply.')
      .argument('[message...]'),
  ).action((words: string[], flags: SendFlags) => sendMessage(words, flags, context));

/** Adds the options of `send`. */
export function addSendOptions(command: Command): Command {
  command
    .option('-b, --bot <bot>', "Bot handle (default: the chat's or account's bot)")
    .option('-c, --chat <chat>', 'Chat to continue: ID, code, URL, or "last"')
    .option('-f, --file <file>', 'Attach a file, https URL or stdin (-); repeatable', more)
    .option('-o, --output <path>', 'Save the files of the reply (file, folder, or -)')
    .option('--no-stdin', 'Do not read stdin')
    .addOption(new Option('--force').hideHelp())
    .addOption(new Option('--no-save').hideHelp())
    .addOption(new Option('--bot-handle <bot>').hideHelp())
    .addOption(new Option('--chat-id <chat>').hideHelp())
    .addOption(new Option('--files <file>').argParser(more).hideHelp());
  const sent = addMessageOptions(addMediaOptions(addBotOptions(command)));
  return addReplyOptions(addRetries(addMaxPoints(addNewChatOptions(sent))));
}

/** Sends a message and prints the reply. @param words the arguments  @throws PoeError */
export async function sendMessage(words: readonly string[], flags: SendFlags, context: Context): Promise<void> {
  const {signal} = context;
  if (flags.detach) checkDetach(flags, context);
  const chat = flags.chat ?? (flags.chatId || undefined);
  const paths = [...(flags.file ?? []), ...(flags.files ?? [])];
  const {files, stdin} = fileSources(paths, words, flags, context);
  const {message, ...template} = await readText(words, {...flags, stdin}, context);
  const bot = flags.bot ?? (flags.botHandle || undefined) ?? (chat === undefined ? template.bot : undefined);
  const ref = chat !== undefined ? await context.chat(chat) : undefined;
  const {parameters, ...ownOptions} = botOptions(flags, mediaParameters(flags));
  const options = await context.withSettings({
    bot,
    chat: ref,
    maxPoints: flags.maxPoints,
    retries: flags.retries,
    shareable: flags.share,
    replyTo: flags.replyTo,
    detachable: flags.detach,
    isTemporary: flags.temporary || flags.save === false || undefined,
    system: (await readSystem(flags.system)) ?? template.system,
    ...(template.effort && {effort: template.effort}),
    ...ownOptions,
    ...((parameters ?? template.parameters) && {parameters: {...template.parameters, ...parameters}}),
  });
  const json = await jsonReplies(flags, template.schema, context);
  const isRaw = flags.streamJson === true || flags.output !== undefined || json !== undefined;
  const shown = {...flags, extract: flags.extract ?? (!isRaw && template.extract)};
  const waiting = `Asking ${options.bot ?? 'Poe'}`;
  const before = () => (flags.streamJson ? Promise.resolve() : showSentImages(context, paths));
  const request = {text: waiting, options, before, view: json?.view};
  const start = (update: (text: string) => void) =>
    context.client.send(json?.request(message) ?? message, {
      ...options,
      schema: json?.schema,
      files,
      awaitTitle: flags.streamJson || flags.info || context.output.isJson,
      onUpload: ({sent, total}) =>
        update(sent < total ? `Sending files: ${Math.floor((100 * sent) / total)} %` : waiting),
      onSystemInMessage: () => context.output.note(systemNote),
      onFallbackBot: (handle) => context.output.note(fallbackNote(handle)),
      signal,
    });
  if (flags.detach) return sendDetached(context, request, start);
  const sent = showReply(context, request, shown, start);
  await (json ? sent.catch(json.correct({options, flags})) : sent);
}

/** The message: a template with what belongs into it, or the arguments and stdin. @throws PoeError */
async function readText(
  words: readonly string[],
  {template, var: variables, stdin}: Pick<SendFlags, 'template' | 'var' | 'stdin'>,
  context: Context,
): Promise<TemplateMessage> {
  if (template !== undefined) {
    const {messageFromTemplate} = await import('../shared/use-template.js');
    return messageFromTemplate(template, words, {stdin, variables: variables ?? {}}, context);
  }
  if (variables) throw new PoeError('usage', '--var requires a template', {hint: 'Name it with -t.'});
  return {message: await readMessage(words, {stdin}, context)};
}

const fallbackNote = (bot: string) =>
  `No default bot is set for the API, so ${bot} answers. Use -b, or set a default with: poe settings default-bot <bot>`;

const systemNote = 'poe.com has no system prompts, so the text of --system precedes your message.';

const more = (value: string, before: string[] = []): string[] => [...before, value];

const examples: readonly Example[] = [['git diff | poe send -c last "Review this too"']];
