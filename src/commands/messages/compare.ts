import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import type {ComparedReply} from '../../core/many/compare.js';
import type {SendOptions} from '../../core/options.js';
import {chat} from './chat.js';
import {addBotOptions, type BotFlags, botOptions} from '../shared/options/bot-options.js';
import {addExamples, type Example} from '../shared/options/examples.js';
import {collectText} from '../shared/options/collect-text.js';
import {checkTotal} from '../shared/many/check-total.js';
import {continueWith} from '../shared/many/continue-with.js';
import {judge} from '../shared/many/judge.js';
import {type MessageFlags, readMessage} from '../shared/read-message.js';
import {addMaxPoints} from '../shared/view/show-reply.js';
import {ComparisonView} from '../../output/compare/comparison-view.js';

interface CompareFlags extends BotFlags, MessageFlags {
  bot?: string[];
  file?: string[];
  parallel?: boolean;
  blind?: boolean;
  judge?: string;
  maxPoints?: number;
  yes?: boolean;
}

export const compare = (context: Context) =>
  addMaxPoints(addBotOptions(addExamples(new Command('compare'), examples)))
    .summary('Ask several bots the same question')
    .description(
      'Send a message to several bots, each in a new chat, and show the replies beside each other. Shows the total price first.',
    )
    .argument('[message...]')
    .option('-b, --bot <bot>', 'Bot handle; name at least two', collectText)
    .option('-f, --file <file>', 'Attach a file or https URL; repeatable', collectText)
    .option('--parallel', 'Ask all bots at once (default with an API key)')
    .option('--blind', 'Hide the names until you have chosen a reply')
    .option('--judge <bot>', 'Have another bot judge the replies')
    .option('--no-stdin', 'Do not read stdin')
    .option('-y, --yes', 'Do not ask if the total exceeds --max-points')
    .action(async (words: string[], flags: CompareFlags, command: Command) => {
      const bots = flags.bot ?? [];
      if (bots.length < 2)
        throw new PoeError('usage', 'Name at least two bots to compare', {
          hint: 'For example: poe compare "2x2?" -b o1 -b GPT-4o-Mini',
        });
      const message = await readMessage(words, flags, context);
      // The limit of the settings is for each message; that of the command line is for all of them together.
      const {bot: _bot, ...options} = await context.withSettings<SendOptions>({bot: bots[0], ...botOptions(flags)});
      await context.requireBackend(options);
      await checkTotal(context, {
        message,
        bots: flags.judge === undefined ? bots : [...bots, flags.judge],
        maxTokens: flags.maxTokens,
        maxPoints: flags.maxPoints,
        isConfirmed: flags.yes === true,
      });
      const replies = await ask(context, {message, bots, options}, flags);
      if (flags.judge !== undefined)
        await judge(context, flags.judge, {message, replies, maxPoints: options.maxPoints});
      const chosen = await continueWith(context, replies, {isBlind: flags.blind === true});
      if (replies.every(({error}) => error !== null)) throw allFailed(replies);
      if (chosen) await openChat(context, command, String(chosen.chat.chatCode ?? chosen.chat.chatId));
    });

async function openChat(context: Context, {parent}: Command, code: string): Promise<void> {
  const command = parent?.commands.find((each) => each.name() === 'chat') ?? chat(context);
  await command.parseAsync(['-c', code], {from: 'user'});
}

/** Asks the bots and shows their replies. @returns them in the order in which they are shown */
async function ask(
  context: Context,
  {message, bots, options}: {message: string; bots: readonly string[]; options: Omit<SendOptions, 'bot'>},
  flags: CompareFlags,
): Promise<ComparedReply[]> {
  const {client, io, output, signal} = context;
  // The letters tell nothing about the order of the command line.
  const shown = flags.blind ? shuffled(bots) : [...bots];
  const names = shown.map((bot, index) => (flags.blind ? `Reply ${index + 1}` : `${index + 1}  ${bot}`));
  const isLive = io.stdout.isTTY === true && io.env.TERM !== 'dumb';
  const view = output.isJson ? undefined : new ComparisonView(io.stdout, names, {color: output.hasColor, isLive});
  const replies: ComparedReply[] = [];
  const indexOf = (bot: string) => shown.findIndex((each, index) => each === bot && !replies[index]);
  const {chat: _chat, ...own} = options;
  const compareOptions = {
    ...own,
    files: flags.file,
    ...(flags.parallel && {isParallel: true}),
    onUpdate: (bot: string, {text}: {text: string}) => view?.update(indexOf(bot), {text}),
    signal,
  };
  try {
    for await (const reply of client.compare(message, shown, compareOptions)) {
      const index = indexOf(reply.bot);
      replies[index] = reply;
      const {text, firstWordMs, totalMs, points, error} = reply;
      view?.update(index, {text, end: {firstWordMs, totalMs, points: points.cost, error: error?.message ?? null}});
      if (!view) output.result(toJson(reply), () => '');
      if (reply.reply) await context.see(reply.reply.current);
    }
  } finally {
    view?.end();
  }
  return replies;
}

const toJson = ({bot, text, state, points, firstWordMs, totalMs, error, reply}: ComparedReply) => ({
  bot,
  text,
  state,
  points,
  firstWordMs,
  totalMs,
  error: error && {code: error.code, message: error.message},
  chat: reply?.chat.toJSON() ?? null,
});

function shuffled<T>(items: readonly T[]): T[] {
  const rest = [...items];
  return items.flatMap(() => rest.splice(Math.floor(Math.random() * rest.length), 1));
}

/** The error of the first bot, if no bot has replied. */
function allFailed(replies: readonly ComparedReply[]): PoeError {
  const first = replies[0]?.error;
  return first?.with({message: `No bot replied: ${first.message}`}) ?? new PoeError('bot_failed', 'No bot replied');
}

const examples: readonly Example[] = [
  ['poe compare "Explain monads" -b Claude-Sonnet-4.6 -b GPT-4o-Mini'],
  ['poe compare "Name this bird" -f bird.jpg -b A -b B --blind --json'],
];
