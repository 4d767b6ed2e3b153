import {type Answers, ServerError} from './answers.js';
import {nodeId} from '../../core/model.js';
import {listPage} from './pages.js';
import {settingsNode, viewerNode} from './nodes.js';

export const accountAnswers = {
  settings(_variables, {site}) {
    return {viewer: settingsNode(site.world)};
  },

  pointsHistory({limit, cursor}, {site: {facts, ledger, world}}) {
    // It was seen later than the prices that were sent with messages.
    if (facts.hasPrices) throw new ServerError();
    const entries = ledger.history.map(({query_id, cost_points, creation_time, bot_name}) => {
      const bot = world.bot(bot_name);
      return {
        id: Buffer.from(`PointsHistoryEntry:${query_id}`).toString('base64'),
        pointCost: cost_points,
        creationTime: creation_time,
        bot: {displayName: bot?.displayName ?? bot_name, id: nodeId('Bot', bot?.botId ?? 0)},
      };
    });
    return {viewer: {pointsHistoryConnection: listPage(entries, limit, cursor)}};
  },

  setDefaultBot({botId}, {site: {world}}) {
    const bot = world.bots.find((candidate) => candidate.botId === botId);
    if (!bot) throw new ServerError();
    world.defaultBot = bot;
    const changed = {status: 'success', statusMessage: '', viewer: viewerNode(world)};
    return {poeSetDefaultBot: changed};
  },

  setPointLimit({priceThresholdInPoints}, {site: {world}}) {
    const points = Number(priceThresholdInPoints);
    if (!Number.isSafeInteger(points)) throw new ServerError();
    world.viewer.pointLimit = points;
    return {setAllChatDefaultMessagePointPriceThreshold: {viewer: viewerNode(world)}};
  },
} satisfies Partial<Answers>;
