import {setImmediate} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {PoeError} from '../../src/core/errors.js';
import {StaleFactError} from '../../src/core/web/protocol/stale-fact.js';
import {Session} from '../../src/core/web/session/session.js';
import {SiteConnection} from '../../src/core/web/session/site-connection.js';
import {swappedPositions} from '../../src/sandbox/site/tag-id.js';
import {withSandbox} from '../support/harness.js';

test('how an account uploads files is not forgotten if it becomes known while a fact is refreshed', async () => {
  const {sandbox} = await withSandbox({site: '2026-08'});
  const {pB, pLat} = sandbox.tokens;
  const tokens = {pB, pLat};
  const connection = new SiteConnection({tokens, baseUrl: sandbox.url, timeoutMs: 120_000, log: () => {}});
  const session = new Session({connection, tokens});
  const credentials = await session.credentials();
  sandbox.faults.permuteTag(swappedPositions(3, 30));
  const error = new StaleFactError('request', new PoeError('bad_form_key', ''));
  const refreshed = session.refresh({error, operation: 'subscribe', credentials});
  await setImmediate();
  session.setUploadsFirst(true);
  expect(await refreshed).toMatchObject({uploadsFirst: true});
  expect(await session.credentials()).toMatchObject({uploadsFirst: true});
});
