import {type Answers, ServerError} from './answers.js';
import {settingsNode, viewerNode} from './nodes.js';

export const accountAnswers = {
  settings(_variables, {site}) {
    return {viewer: settingsNode(site.world)};
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
