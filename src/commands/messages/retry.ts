import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {type ApiFlags, addApiOptions} from '../shared/api-options.js';
import {addRetries, type RetriesFlags} from '../shared/retries-option.js';
import {addMaxPoints, addReplyOptions, type ReplyFlags, showReply} from '../shared/show-reply.js';

export const retry = (context: Context) =>
  addReplyOptions(addRetries(addMaxPoints(addApiOptions(new Command('retry')))))
    .summary('Regenerate the last reply')
    .description('Regenerate the last reply of a chat and print it as it arrives. It costs as much as a new message.')
    .argument('<chat>', 'Chat ID, code, URL, or "last"')
    .action(async (name: string, flags: ReplyFlags & ApiFlags & RetriesFlags & {maxPoints?: number}) => {
      const chat = await context.chat(name);
      const {maxPoints, param: parameters, protocol, retries, share: shareable} = flags;
      const options = await context.withSettings({chat, maxPoints, parameters, protocol, retries, shareable});
      await showReply(context, {text: 'Regenerating the reply', options}, flags, () =>
        context.client.messages.retry(chat, {...options, signal: context.signal}),
      );
    });
