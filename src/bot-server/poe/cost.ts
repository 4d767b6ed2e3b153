import * as v from 'valibot';
import {PoeError} from '../../core/errors.js';
import {eventsOf} from '../../core/api/http/events.js';
import {parseJson} from '../../core/http/json.js';
import {readText, request} from '../../core/http/request.js';
import {quote} from '../../core/log/redact.js';
import type {PoeEndpoints} from './endpoints.js';
import {ReplyError} from '../reply-error.js';

/** An amount that the user pays for a reply. */
export interface CostItem {
  /** Thousandths of a US cent; a fraction is rounded up. */
  usdMilliCents: number;
  /** What it is for, shown to the user. */
  description?: string | undefined;
}

interface CostDeps {
  endpoints: PoeEndpoints;
  accessKey: string;
  signal: AbortSignal;
}

const resultSchema = v.object({status: v.string()});

/**
 * Authorizes or captures what a reply costs, as fastapi_poe's `authorize_cost` and `capture_cost` do. Never repeated.
 * @param queryId `botQueryId` of the query
 * @throws ReplyError `insufficient_fund` if the user does not have enough points; PoeError `refused`, `network`
 */
export async function requestCost(
  action: 'authorize' | 'capture',
  queryId: string,
  items: readonly CostItem[],
  {endpoints, accessKey, signal}: CostDeps,
): Promise<void> {
  const {timeoutMs, log} = endpoints;
  if (queryId === '') throw new PoeError('usage', 'Poe has not sent an ID for the costs of this query');
  const amounts = items.map(({usdMilliCents, description = null}) => ({
    amount_usd_milli_cents: Math.ceil(usdMilliCents),
    description,
  }));
  const response = await request(
    endpoints.cost(queryId, action),
    {
      method: 'POST',
      headers: () => ({'Content-Type': 'application/json', Accept: 'text/event-stream'}),
      body: JSON.stringify({amounts, access_key: accessKey}),
    },
    {name: `${action} cost`, timeoutMs, log, signal},
  );
  try {
    if (response.status !== 200) {
      const reason = quote((await readText(response)).replaceAll(/\s+/g, ' ').trim(), 300);
      throw new PoeError('refused', `Poe did not ${action} the cost (HTTP ${response.status}): ${reason}`);
    }
    for await (const events of eventsOf(response)) {
      const result = events.find(({name}) => name === 'result');
      if (!result) continue;
      const parsed = v.safeParse(resultSchema, parseJson(result.data));
      if (parsed.success && parsed.output.status === 'success') return;
      break;
    }
    throw new ReplyError('', {allowRetry: true, errorType: 'insufficient_fund'});
  } finally {
    response.close();
  }
}
