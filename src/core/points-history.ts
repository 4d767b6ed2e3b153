import * as v from 'valibot';
import type {Spending} from './account.js';
import {count, microseconds, text} from './input/lenient.js';

/** A charge in the points history of poe.com, which names the bot as people see it, and neither a chat nor a key. @internal */
export const PointsHistoryEntry = v.pipe(
  v.object({
    id: v.string(),
    pointCost: count,
    creationTime: microseconds,
    bot: v.fallback(v.nullish(v.object({displayName: text}), null), null),
  }),
  v.check(({pointCost, creationTime}) => pointCost !== null && creationTime !== null),
  v.transform(({id, pointCost, creationTime, bot}): Spending => ({
    time: creationTime ?? '',
    bot: bot?.displayName ?? '',
    points: pointCost ?? 0,
    usd: null,
    type: null,
    chat: null,
    canvas: null,
    key: null,
    tokens: {input: null, output: null, cached: null},
    queryId: id,
  })),
);
