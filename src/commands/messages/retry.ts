import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {addBotOptions, type BotFlags, botOptions} from '../shared/options/bot-options.js';
import {addMediaOptions, type MediaFlags, mediaParameters} from '../shared/options/media-options.js';
import {addRetries, type RetriesFlags} from '../shared/options/retries-option.js';
import {addMaxPoints, addReplyOptions, type ReplyFlags, showReply} from '../shared/view/show-reply.js';

export const retry = (context: Context) =>
  addReplyOptions(addRetries(addMaxPoints(addMediaOptions(addBotOptions(new Command('retry'))))))
    .summary('Regenerate the last reply')
    .description('Regenerate the last reply of a chat and print it as it arrives. It costs as much as a new message.')
    .argument('<chat>', 'Chat ID, code, URL, or "last"')
    .option('-b, --bot <bot>', 'Have another bot write the reply (API key only)')
    .action(
      async (
        name: string,
        flags: ReplyFlags & BotFlags & MediaFlags & RetriesFlags & {bot?: string; maxPoints?: number},
      ) => {
        const chat = await context.chat(name);
        const {bot, maxPoints, retries, share: shareable} = flags;
        const options = await context.withSettings({
          bot,
          chat,
          maxPoints,
          retries,
          shareable,
          ...botOptions(flags, mediaParameters(flags)),
        });
        await showReply(context, {text: 'Regenerating the reply', options}, flags, () =>
          context.client.messages.retry(chat, {...options, signal: context.signal}),
        );
      },
    );
