import {settingsNode, viewerNode} from './nodes.js';
import {ServerError} from '../server/errors.js';
import type {Answers} from './answers.js';

export const accountAnswers = {
  settings(_variables, {site}) {
    return {viewer: settingsNode(site.world)};
  },

  setDefaultBot({botId}, {site: {world}}) {
    const bot = world.bots.find((known) => known.botId === botId);
    if (!bot) throw new ServerError();
    world.defaultBot = bot;
    return {poeSetDefaultBot: done(viewerNode(world))};
  },

  setPointLimit({priceThresholdInPoints}, {site: {world}}) {
    const points = Number(priceThresholdInPoints);
    if (!Number.isSafeInteger(points)) throw new ServerError();
    world.viewer.pointLimit = points;
    return {setAllChatDefaultMessagePointPriceThreshold: {viewer: viewerNode(world)}};
  },
} satisfies Partial<Answers>;

const done = (viewer: object) => ({status: 'success', statusMessage: '', viewer});
