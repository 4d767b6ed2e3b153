import {points} from '../../output/format/numbers.js';
import type {ChatBot} from '../chat-deps.js';

/** What a message to a bot costs: `326 points per message`, or its rates per token. '' if it is unknown. */
export function botPrice({price, rates}: Pick<ChatBot, 'price' | 'rates'>): string {
  if (price !== null) return `${points(price)} per message`;
  return rates ? `${rates} points per 1k tokens` : '';
}
