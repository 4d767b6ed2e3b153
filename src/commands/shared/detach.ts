import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import type {SendOptions} from '../../core/options.js';
import type {Reply} from '../../core/reply.js';
import type {ReplyFlags} from './view/show-reply.js';

/** The options that need the reply. `info` is not among them: it may come from the settings. */
const needReply = ['extract', 'notify', 'output', 'schema', 'share', 'streamJson'] as const;

/** @throws PoeError `usage` for options that cannot be combined with `--detach` */
export function checkDetach(flags: ReplyFlags & {schema?: string}, {keepsChats}: Context): void {
  const other = needReply.find((name) => flags[name] !== undefined && flags[name] !== false);
  if (other !== undefined) {
    const option = other === 'streamJson' ? 'stream-json' : other;
    throw new PoeError('usage', `--detach and --${option} cannot be combined`, {
      hint: `Nothing was sent. Pass --${option} to poe attach instead, where it accepts that.`,
    });
  }
  if (keepsChats) return;
  throw new PoeError('usage', '--detach and --sandbox cannot be combined', {
    hint: 'Each --sandbox command starts without chats. To keep them, run: poe sandbox',
  });
}

/** Sends a message and prints its chat, without waiting for the reply. @throws PoeError */
export async function sendDetached(
  context: Context,
  {text, options}: {text: string; options: SendOptions},
  start: (update: (text: string) => void) => Promise<Reply>,
): Promise<void> {
  const {output} = context;
  await context.requireBackend(options);
  const spinner = await output.startSpinner(text);
  try {
    const {current} = await start((shown) => spinner.update(shown));
    await context.remember(current.chat);
    await context.see(current);
    spinner.stop();
    output.result(current, ({chat}) => chat.chatCode ?? String(chat.chatId));
  } finally {
    spinner.stop();
  }
}
