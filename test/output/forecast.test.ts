import {expect, test} from 'vitest';
import {forecast} from '../../src/output/format/forecast.js';
import {barWithLimit} from '../../src/output/format/numbers.js';

const now = Date.UTC(2026, 10, 20, 12);
const spendings = [
  {time: '2026-11-20T10:00:00Z', points: 70},
  {time: '2026-11-15T10:00:00Z', points: 630},
  {time: '2026-11-15T10:00:00Z', points: null},
  {time: '2026-11-01T10:00:00Z', points: 9_999},
];

test('a forecast says whether the points last until the next grant', () => {
  const pace = 'At the pace of the last 7 days (100 points a day)';
  expect(forecast({spendings, balance: 2_000, nextGrant: '2026-11-30T12:00:00Z', now})).toBe(
    `${pace}, about 1,000 points of your 2,000 points are left when you get more on 2026-11-30.`,
  );
  expect(forecast({spendings, balance: 500, nextGrant: '2026-11-30T12:00:00Z', now})).toBe(
    `${pace}, your 500 points are used up on 2026-11-25, before you get more on 2026-11-30.`,
  );
  expect(forecast({spendings, balance: 500, nextGrant: null, now})).toBe(
    `${pace}, your 500 points last until 2026-11-25.`,
  );
  expect(forecast({spendings: [], balance: 500, nextGrant: null, now})).toBe(null);
});

test('a bar shows where the budget is', () => {
  const chart = [0, 2, 5, 10].map((value) => barWithLimit(value, 5, {largest: 10, cells: 10}));
  expect(chart).toEqual(['     │', '██   │', '█████│', '█████│████']);
});
