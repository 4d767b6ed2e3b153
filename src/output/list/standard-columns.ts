import type {Bot, Chat, User} from '../../core/model.js';
import {points} from '../format/numbers.js';
import {relativeTime} from '../format/time.js';
import type {Column} from './columns.js';

export const botColumns: readonly Column<Bot>[] = [
  {title: 'Bot', value: ({handle}) => handle},
  {
    title: 'Price',
    value: ({displayMessagePointPrice}) => displayMessagePointPrice,
    shown: ({displayMessagePointPrice}) => points(displayMessagePointPrice) || 'unknown',
    align: 'right',
  },
  {title: 'Description', value: ({description}) => description, flex: true},
];

export const userColumns: readonly Column<User>[] = [
  {title: 'Handle', value: ({handle}) => handle},
  {title: 'Followers', value: ({followerCount}) => followerCount, align: 'right'},
  {title: 'Name', value: ({fullName}) => fullName, flex: true},
];

export const chatColumns: readonly Column<Chat>[] = [
  {title: 'Chat', value: ({chatCode, chatId}) => chatCode ?? chatId},
  {title: 'Title', value: ({title}) => title, flex: true},
  {title: 'Bot', value: ({bot}) => bot},
  {
    title: 'Last used',
    value: ({lastInteractionTime}) => lastInteractionTime,
    shown: ({lastInteractionTime}) => relativeTime(lastInteractionTime),
    align: 'right',
  },
];
