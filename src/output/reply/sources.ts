import type {ReplyResult} from '../../core/reply.js';

/** The web pages that a reply cites, a line each, numbered from 1. */
export const sourceLines = ({sources = []}: Pick<ReplyResult, 'sources'>): string[] =>
  sources.map(({title, url}, index) => `[${index + 1}] ${title === null ? url : `${title}  ${url}`}`);
