import {expect, test} from 'vitest';
import {pointsPerDollar} from '../../src/core/spending/point-rate.js';
import {priceOnCard, pricesOnCard} from '../../src/core/spending/rate-card.js';

/* Rows of price lists as programs of 2025 and 2026 have read them from poe.com. */

const prices = (...rows: string[]) => pricesOnCard(['| Type | Rate |', '| --- | --- |', ...rows].join('\n'));

test.each([
  [['| Bot message | 15 points / message |'], {perMessage: 15, input: null, output: null, perItem: null}],
  [['| Total cost | 1,200 points/message |'], {perMessage: 1200, input: null, output: null, perItem: null}],
  [['| Search Request | 200 ($0.0061) per request |'], {perMessage: 200, input: null, output: null, perItem: null}],
  [
    [
      '| Input | ~~$1.25~~ **$1.14**/1M tokens | 38 points/1k tokens |',
      '| Output (text) | $9.00/1M tokens | 300 points/1k tokens |',
      '| Cache discount | 90% discount on cached chat | |',
    ],
    {perMessage: null, input: 38, output: 300, perItem: null},
  ],
  [
    [
      '| Input (Text) | 34 ($0.0010) points / 1K tokens |',
      '| Output (Text) | 133 ($0.0040) points / 1K tokens |',
      '| Output (Audio) | 1100 ($0.033) points / 1K tokens |',
    ],
    {perMessage: null, input: 34, output: 133, perItem: null},
  ],
  [
    [
      '| Input (Text) | $0.091/1M tokens | 3 points/1k tokens |',
      '| Output (Text) | $0.37/1M tokens | 13 points/1k tokens |',
      '| Bot Message | $0.010/message | 334 points/message |',
    ],
    {perMessage: 334, input: 3, output: 13, perItem: null},
  ],
])('a price list is read: %j', (rows, expected) => {
  expect(prices(...rows)).toEqual(expected);
});

test('a price list without a price of messages has none', () => {
  expect(pricesOnCard(null)).toBeNull();
  expect(prices('| Fast | 1910 ($0.058) |')).toBeNull();
});

test('a bot that makes images or videos has a price for each', () => {
  const rows = [
    '| Image To Video | 6667 points ($0.20) / video |',
    '| Reference To Video | 13334 points ($0.40) / video |',
  ];
  expect(prices(...rows)).toEqual({perMessage: null, input: null, output: null, perItem: 6667});
  expect(priceOnCard(rows.join('\n'), 'sea')).toEqual({points: 6667, mostPoints: 13_334, isEstimate: true});
  // What it reads may cost points, too.
  const edits = ['| Input | 90 points / 1k tokens |', '| Image output | 300 points / image |'].join('\n');
  expect(priceOnCard(edits, 'the '.repeat(2_000))).toMatchObject({points: 480, mostPoints: 480});
  // The bot writes text, too, and that is what it usually does.
  expect(prices('| Output | 90 points / 1k tokens |', '| Images | 300 points / image |')?.perItem).toBeNull();
});

test('a bot is free only if nothing on its price list costs points', () => {
  expect(prices('| Bot message | 0 points / message |')).toEqual({
    perMessage: 0,
    input: null,
    output: null,
    perItem: null,
  });
  expect(prices('| Bot message | 0 points / message |', '| Image output | 300 points / image |')).toBeNull();
  expect(prices('| Input | 0 points / 1k tokens |', '| Output (audio) | 90 points / 1k tokens |')).toBeNull();
});

test('a balance shows how many points a dollar is worth, unless it is too small', () => {
  expect(pointsPerDollar({points: 300, usd: 0.0091})).toBeNull();
  expect(pointsPerDollar({points: 3_000, usd: 0.0909})).toBeCloseTo(33_003, 0);
  expect(pointsPerDollar({points: 3_000, usd: null})).toBeNull();
});
