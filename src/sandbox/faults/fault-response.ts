import {serverError} from '../server/graphql.js';
import {html, type HttpResponse} from '../server/http.js';
import {challengePage, loginPage} from '../site/pages.js';
import type {FaultResponse} from './faults.js';

/** The HTTP response of a fault that has one. */
export function toResponse(fault: Exclude<FaultResponse, 'silence' | 'drop'>): HttpResponse {
  switch (fault) {
    case 'html':
      return html(200, loginPage);
    case 'cloudflare':
      return html(403, challengePage, {'cf-mitigated': 'challenge', Server: 'cloudflare'});
    case 'empty-400':
      return {status: 400};
    case 'server-error':
      return serverError;
    default:
      return fault;
  }
}
