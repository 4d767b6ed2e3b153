import * as v from 'valibot';
import {connectionOf} from '../../../connection.js';
import {Settings} from '../../../model.js';
import {PointsHistoryEntry} from '../../../points-history.js';
import {anything, cursor, id, int, maybe, operation, result} from './operation.js';

export const accountOperations = {
  settings: operation(
    'query',
    {
      '2025-03': {
        name: 'settingsPageQuery',
        hash: '19f7f75aa4cc48a0a10c85f5be0190885659aeeb535507f6fa7e26485a069902',
      },
      '2026-08': {hash: '7ad44151c552ceef568fb790cf1e3c12c72540c0139a853c1b751fb8c89a4a22'},
    },
    v.strictObject({}),
    v.object({viewer: v.nullish(Settings, null)}),
  ),

  /** Charges of the last 30 days, newest first. Name, hash and fields come from one client of late 2025: earlier sites may lack it. */
  pointsHistory: operation(
    'query',
    {
      '2025-03': {
        name: 'PointsHistoryPageColumnViewerPaginationQuery',
        hash: '9b68fe8ea0017e5d7701c93a5db8323136f9cb023d514f8595ae0dde220be6d1',
      },
    },
    v.strictObject({limit: int, cursor}),
    v.object({viewer: maybe(v.object({pointsHistoryConnection: maybe(connectionOf(PointsHistoryEntry))}))}),
  ),

  setDefaultBot: operation(
    'mutation',
    {
      '2025-03': {
        name: 'SettingsDefaultBotSectionMutation',
        hash: '4084604e8741af8650ac6b4236cdfa13c91a70cf1c63ad8a368706a386d0887e',
      },
    },
    v.strictObject({botId: id}),
    v.object({poeSetDefaultBot: result}),
  ),

  setPointLimit: operation(
    'mutation',
    {
      '2025-03': {
        name: 'SettingsDefaultMessagePointLimitModal_SetAllChatDefaultMessagePointPriceThreshold_Mutation',
        hash: 'b3843325a4abf30891f1f99c1d87d9ca43761ce989be92fe93a986c55dedc4b6',
      },
    },
    v.strictObject({
      /** A whole number of points, as text. */
      priceThresholdInPoints: v.pipe(v.string(), v.regex(/^\d+$/)),
    }),
    v.object({setAllChatDefaultMessagePointPriceThreshold: anything}),
  ),
} as const;
