import * as v from 'valibot';
import {connectionOf} from '../../../connection.js';
import {Bot, User} from '../../../model.js';
import {cursor, id, int, maybe, operation, result, textOrNull} from './operation.js';

export const botOperations = {
  botInfo: operation(
    'query',
    {
      '2025-03': {
        name: 'HandleBotLandingPageQuery',
        hash: '2ec8856116b8c2cb587e9a05e60df21a751694b2ff06d67dfe0c3d0efaf5f6a2',
      },
      '2026-08': {hash: '0df006a8445388a1b668f9e1e2ccb1347d64bffc04fce4ba3d59e16d388bba8f'},
    },
    v.strictObject({botHandle: v.string()}),
    v.object({
      bot: v.nullish(Bot, null),
      /** Since 2026: whether the account uploads files before their message, and sends parameters as an object. */
      viewer: maybe(
        v.object({shouldUseFinishUploadEndpoint: maybe(v.boolean()), submitMessageParamsAsDict: maybe(v.boolean())}),
      ),
    }),
  ),

  /** Needs no login (early 2026). */
  rateCard: operation(
    'query',
    {
      '2025-03': {
        name: 'RateCardModalQuery',
        hash: '63afb70b30540bafd08f593b26c61f8bdd5b6818590742e5170f417709792788',
      },
    },
    v.strictObject({botId: id}),
    v.object({botById: maybe(v.object({botPricing: maybe(v.object({rateMenuMarkdown: textOrNull}))}))}),
  ),

  search: operation(
    'query',
    {
      '2025-03': {
        name: 'SearchResultsListPaginationQuery',
        hash: 'a3db2f281540813c096123652d790d56c652fce0d3fca1ad234c81134d5de8f9',
      },
      '2026-08': {hash: '0a01eccff923e39952ce84831615b8c9c05be2faa664baebe6ad1eeca2f7992d'},
    },
    v.strictObject({query: v.string(), entityType: v.picklist(['bot', 'user']), count: int, cursor}),
    v.object({searchEntityConnection: connectionOf(v.unknown())}),
  ),

  exploreBots: operation(
    'query',
    {
      '2025-03': {
        name: 'ExploreBotsListPaginationQuery',
        hash: 'b24b2f2f6da147b3345eec1a433ed17b6e1332df97dea47622868f41078a40cc',
      },
    },
    v.strictObject({categoryName: v.string(), count: int, cursor}),
    v.object({exploreBotsConnection: connectionOf(Bot)}),
  ),

  exploreIndex: operation(
    'query',
    {
      '2025-03': {
        name: 'ExploreBotsIndexPageQuery',
        hash: 'b8ca306feb56f998c46c23208109c4640d410616eb52f48444e5c54bac825438',
      },
      '2026-08': {
        name: 'exploreBotsIndexPageQuery',
        hash: '317a2e0504c3420f695ec5c7bda104716d3f874d7dc7de06e2eebf1560347d98',
      },
    },
    v.strictObject({categoryName: v.string()}),
    v.object({exploreBotsCategoryObjects: maybe(v.array(v.object({categoryName: textOrNull})))}),
  ),

  userInfo: operation(
    'query',
    {
      '2025-03': {
        name: 'HandleProfilePageQuery',
        hash: 'ed55a4dd9ace8dfd13a7fa37ed009ac1b93c02f7e18eb42af81944ca76e8e45b',
      },
      '2026-08': {hash: '328db2104fde0a878da85acf3d6c3ea8fb6882d237c95e8a822b9c0e9aefaa06'},
    },
    v.strictObject({handle: v.string()}),
    v.object({user: v.nullish(User, null)}),
  ),

  setFollow: operation(
    'mutation',
    {
      '2025-03': {
        name: 'UserFollowStateButton_poeUserSetFollow_Mutation',
        hash: '8580c72320403ce5c3a00e88c2d52a8a54126a1b941af67662a1b5bfdce536ca',
      },
    },
    v.strictObject({shouldFollow: v.boolean(), targetUid: id}),
    v.object({poeUserSetFollow: result}),
  ),
} as const;
