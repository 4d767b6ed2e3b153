import type {Bot, Chat, User} from '../../core/model.js';
import {pointPricesText} from '../format/bot-facts.js';
import {points} from '../format/numbers.js';
import {relativeTime} from '../format/time.js';
import type {Column} from './columns.js';

export const botColumns: readonly Column<Bot>[] = [
  {title: 'Bot', value: ({handle}) => handle, isShrinkable: true},
  {
    title: 'Price',
    value: (bot) => bot.displayMessagePointPrice ?? listedPrice(bot),
    shown: (bot) => points(bot.displayMessagePointPrice) || (pointPricesText(bot.pricesPoints ?? null) ?? 'unknown'),
    align: 'right',
  },
  {title: 'Description', value: ({description}) => description, flex: true, isOptional: true},
];

/** A number of points if messages have a price and nothing else does. */
function listedPrice({pricesPoints = null}: Bot): number | string | null {
  const {perMessage = null, input = null, output = null} = pricesPoints ?? {};
  const isWhole = perMessage !== null && input === null && output === null;
  return isWhole ? perMessage : pointPricesText(pricesPoints);
}

export const userColumns: readonly Column<User>[] = [
  {title: 'Handle', value: ({handle}) => handle},
  {title: 'Followers', value: ({followerCount}) => followerCount, align: 'right'},
  {title: 'Name', value: ({fullName}) => fullName, flex: true},
];

export const chatColumns: readonly Column<Chat>[] = [
  {title: 'Chat', value: ({chatCode, chatId}) => chatCode ?? chatId},
  {title: 'Title', value: ({title}) => title, flex: true},
  {title: 'Bot', value: ({bot}) => bot, flex: true},
  {
    title: 'Last used',
    value: ({lastInteractionTime}) => lastInteractionTime,
    shown: ({lastInteractionTime}) => relativeTime(lastInteractionTime),
    align: 'right',
  },
];
