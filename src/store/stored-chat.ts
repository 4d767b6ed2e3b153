import * as v from 'valibot';
import type {Chat} from '../core/model.js';

const textOrNull = v.nullable(v.string());

/** A chat in poe's files, in the shape that the library returns. */
export const StoredChat: v.GenericSchema<unknown, Chat> = v.looseObject({
  id: v.string(),
  chatId: v.number(),
  chatCode: textOrNull,
  title: textOrNull,
  bot: textOrNull,
  lastInteractionTime: textOrNull,
});
