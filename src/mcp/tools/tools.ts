import type {McpLimits} from '../host.js';
import {ask} from './ask.js';
import {balance} from './balance.js';
import {botInfo} from './bot-info.js';
import {compare} from './compare.js';
import {historySearch} from './history-search.js';
import {makeImage, makeVideo} from './make-media.js';
import {searchBots} from './search-bots.js';
import type {Tool} from './tool.js';

const all: readonly Tool[] = [ask, compare, searchBots, botInfo, makeImage, makeVideo, historySearch, balance];

/** The tools that a client may use. */
export const toolsFor = ({hasArchive}: Pick<McpLimits, 'hasArchive'>): Tool[] =>
  all.filter(({needsArchive}) => hasArchive || !needsArchive);
