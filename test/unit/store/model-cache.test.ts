import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {modelCacheFile} from '../../../src/store/caches/model-cache.js';
import {temporaryFolder} from '../../support/harness.js';

/* The stored list of the API's bots. */

const site = 'https://api.poe.com';
const models = {
  data: [
    {id: 'Grüße-Bot', description: 'née "x"\n'},
    {id: 'Claude-Opus-4.7', price: 1},
    'not a model',
    {id: 'claude-opus-4.7'},
  ],
};

beforeEach(() => void vi.useFakeTimers({now: 1_700_000_000_000, toFake: ['Date']}));
afterEach(() => void vi.useRealTimers());

async function stored() {
  const folder = temporaryFolder();
  const cache = modelCacheFile(folder, site);
  await cache.write(models);
  const find = (id: string) => cache.find?.(id);
  return {cache, find, folder, path: join(folder, 'models.json')};
}

test('the entries of one bot are found without the others', async () => {
  const {cache, find, path} = await stored();
  expect(await find('claude-opus-4.7')).toEqual([{id: 'Claude-Opus-4.7', price: 1}, {id: 'claude-opus-4.7'}]);
  expect(await find('grüße-bot')).toEqual([models.data[0]]);
  expect(await find('gemini')).toEqual([]);
  expect(await cache.read()).toEqual(models);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({site, models});
});

test('an empty list is stored, too', async () => {
  const {cache, find} = await stored();
  await cache.write({data: []});
  expect(await find('gemini')).toEqual([]);
  expect(await cache.read()).toEqual({data: []});
});

test('a list of another site, an old one and a damaged one are not used', async () => {
  const {cache, find, folder, path} = await stored();
  const other = modelCacheFile(folder, 'https://example.com');
  expect([await other.find?.('gemini'), await other.read()]).toEqual([undefined, undefined]);
  vi.setSystemTime(1_700_000_000_000 + 3_600_000);
  expect([await find('gemini'), await cache.read()]).toEqual([undefined, undefined]);
  vi.setSystemTime(1_700_000_000_000);
  writeFileSync(path, readFileSync(path, 'utf8').slice(0, 100));
  expect([await find('gemini'), await cache.read()]).toEqual([undefined, undefined]);
});

test('the list that an earlier version stored is read as a whole', async () => {
  const {cache, find, path} = await stored();
  writeFileSync(path, JSON.stringify({at: Date.now(), site, models}));
  expect([await find('gemini'), await cache.read()]).toEqual([undefined, models]);
});
