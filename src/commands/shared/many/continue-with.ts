import type {Context} from '../../../context/context.js';
import type {ComparedReply} from '../../../core/many/compare.js';
import type {Reply} from '../../../core/reply.js';
import {points} from '../../../output/format/numbers.js';
import {askNumber} from '../ask-user.js';

/** Lets the user choose a reply, and makes its chat the last one. @returns the chosen reply; undefined if the user chose none */
export async function continueWith(
  context: Context,
  replies: readonly ComparedReply[],
  {isBlind}: {isBlind: boolean},
): Promise<Reply | undefined> {
  const {output} = context;
  const answered = replies.filter(({error, reply}) => error === null && reply !== null);
  const choice = answered.length === 0 ? undefined : await askNumber('Which reply is best?', replies.length, context);
  if (isBlind && !output.isJson) {
    for (const [index, {bot, points: cost}] of replies.entries()) {
      output.note(`Reply ${index + 1}: ${bot}${cost.cost === null ? '' : `, ${points(cost.cost)}`}`);
    }
  }
  const chosen = (choice === undefined ? undefined : replies[choice - 1]?.reply) ?? answered[0]?.reply;
  if (!chosen) return undefined;
  await context.remember(chosen.chat.toJSON());
  if (choice !== undefined) return chosen;
  if (!output.isJson && context.keepsChats) {
    output.note(`To continue with ${chosen.bot}: poe chat -c ${chosen.chat.chatCode ?? chosen.chat.chatId}`);
  }
  return undefined;
}
