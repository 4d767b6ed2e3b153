import type {FaultResponse} from './faults.js';
import {serverError} from '../server/graphql.js';
import {html, type HttpAnswer} from '../server/http.js';
import {challengePage, loginPage} from '../site/pages.js';

/** What a disturbance says that says something. */
export function answerOf(disturbance: Exclude<FaultResponse, 'silence' | 'drop'>): HttpAnswer {
  switch (disturbance) {
    case 'html':
      return html(200, loginPage);
    case 'cloudflare':
      return html(403, challengePage, {'cf-mitigated': 'challenge', Server: 'cloudflare'});
    case 'empty-400':
      return {status: 400};
    case 'server-error':
      return serverError;
    default:
      return disturbance;
  }
}
