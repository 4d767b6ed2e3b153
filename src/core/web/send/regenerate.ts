import type {Message} from '../../model.js';
import type {SiteFacts} from '../protocol/facts.js';
import {sendRejected} from './send-errors.js';
import {atPrice} from './price.js';
import {assertPresent} from '../protocol/assert-success.js';
import type {GraphqlClient} from '../session/graphql-client.js';

/**
 * Asks a bot to write its message anew.
 * @returns the message as it stands then, where Poe tells
 * @throws PoeError
 */
export async function regenerate(
  wire: GraphqlClient,
  {messageId}: Message,
  price: {bot: string; price: number | null; maxPoints: number | null},
  signal?: AbortSignal,
): Promise<Message | null> {
  const answer = await atPrice(price, async (points) => {
    const priced = {messageId, ...(points !== null && {messagePointsDisplayPrice: points})};
    const variables = ({send}: SiteFacts) => (send === '2025-03' ? priced : {messageId});
    const {messageRegenerate} = await wire.call('retryMessage', variables, {signal});
    return assertPresent('retryMessage', 'regenerate the reply', messageRegenerate);
  });
  // Some clients saw no status, others no message; whoever refuses says so in one of them.
  const isRefused =
    answer.status !== null ? answer.status !== 'success' : answer.statusMessage !== null && answer.statusMessage !== '';
  if (isRefused) throw sendRejected(answer.status, answer.statusMessage, price.bot);
  return answer.message?.node ?? null;
}
