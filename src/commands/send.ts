import {Command} from 'commander';
import type {Context} from '../context.js';
import {PoeError} from '../core/errors.js';
import {readMessage} from './message.js';

interface SendFlags {
  bot?: string;
  chat?: string;
  streamJson?: boolean;
}

export const send = (context: Context) =>
  new Command('send')
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
    .option('--stream-json', 'print one JSON object a line as things happen')
    .addHelpText('after', examples)
    .action(async (words: string[], {bot, chat, streamJson = false}: SendFlags) => {
      const {output, signal} = context;
      const message = await readMessage(words, context);
      const client = await context.client();
      const spinner = await output.spin(`Asking ${bot ?? 'Poe'}`);
      const view = await output.reply({asEvents: streamJson});
      let text = '';
      try {
        const awaitTitle = streamJson || output.isJson;
        const reply = await client.send(message, {
          bot,
          chat: chat ? await context.chat(chat) : undefined,
          awaitTitle,
          signal,
        });
        // Written while the reply comes in, which need not wait for it.
        const remembered = context.remember(reply.chat);
        view.start(reply.sofar);
        try {
          for await (const step of reply) {
            spinner.stop();
            text = reply.text;
            view.step(step, text);
          }
        } finally {
          await remembered;
        }
        const whole = await reply.whole();
        if (whole.state.startsWith('cancel')) throw cancelledElsewhere();
        spinner.stop();
        view.done(whole);
      } catch (error) {
        spinner.stop();
        if (error instanceof PoeError) view.broken(error, text);
        throw error;
      }
    });

const cancelledElsewhere = () =>
  new PoeError('bot_failed', 'The reply was cancelled on Poe before its end', {
    hint: 'Someone stopped it there: send the message again.',
  });

const examples = `
Examples:
  poe send -b gemini-2.0-flash "2x2?"
  git diff | poe send "review this"
  poe send -c last "and in French?"
  poe send --json "2x2?" | jq -r .text
  poe send --sandbox "2x2?"            without an account
`;
