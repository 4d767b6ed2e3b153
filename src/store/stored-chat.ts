import * as v from 'valibot';
import type {Id} from '../core/names/id.js';
import type {Chat} from '../core/model.js';

const textOrNull = v.nullable(v.string());

/** An ID in poe's files. */
export const StoredId: v.GenericSchema<unknown, Id> = v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+$/))]);

/** A chat in poe's files, in the shape that the library returns. */
export const StoredChat: v.GenericSchema<unknown, Chat> = v.looseObject({
  id: v.string(),
  chatId: StoredId,
  chatCode: textOrNull,
  title: textOrNull,
  bot: textOrNull,
  lastInteractionTime: textOrNull,
});
