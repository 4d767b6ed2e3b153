import type {Bot, Chat, User} from '../../core/model.js';
import type {Finding} from '../../core/web/diagnose/diagnose.js';
import type {Column} from './columns.js';
import {points} from '../format/points.js';
import {relativeTime} from '../format/time.js';

/* What a list of each kind shows, column by column. */

export const botColumns: readonly Column<Bot>[] = [
  {title: 'Bot', value: ({handle}) => handle},
  {
    title: 'Price',
    value: ({displayMessagePointPrice}) => displayMessagePointPrice,
    shown: ({displayMessagePointPrice}) => points(displayMessagePointPrice),
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
    title: 'Used',
    value: ({lastInteractionTime}) => lastInteractionTime,
    shown: ({lastInteractionTime}) => relativeTime(lastInteractionTime),
    align: 'right',
  },
];

export const findingColumns: readonly Column<Finding>[] = [
  {title: 'Layer', value: ({layer}) => layer},
  {title: '', value: ({state}) => state},
  {title: 'Seen', value: ({detail: saw, hint: fix}) => (fix === null ? saw : `${saw}. ${fix}`), flex: true},
];
