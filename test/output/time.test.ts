import {expect, test} from 'vitest';
import {points} from '../../src/output/format/numbers.js';
import {dateTime, duration, relativeTime, utcTime} from '../../src/output/format/time.js';

// A Wednesday at noon, local time.
const noon = new Date(2025, 2, 26, 12, 0, 0);

const at = (...[month, day, hour = 0, minute = 0, second = 0]: [number, number, number?, number?, number?]) =>
  relativeTime(new Date(2025, month - 1, day, hour, minute, second).toISOString(), noon);

test('a time in the past is shown in words', () => {
  expect(at(3, 26, 12)).toBe('just now');
  expect(at(3, 26, 11, 59, 1)).toBe('just now');
  expect(at(3, 26, 11, 59)).toBe('1 minute ago');
  expect(at(3, 26, 11, 0, 1)).toBe('59 minutes ago');
  expect(at(3, 26, 11)).toBe('1 hour ago');
  expect(at(3, 26, 0, 1)).toBe('11 hours ago');
  expect(at(3, 25, 12, 1)).toBe('23 hours ago');
  expect(at(3, 25, 12)).toBe('yesterday');
  expect(at(3, 25)).toBe('yesterday');
  expect(at(3, 24, 23, 59)).toBe('2 days ago');
  expect(at(2, 24)).toBe('30 days ago');
  expect(at(2, 23, 23)).toBe('2025-02-23');
});

test('a time in the future is shown in words', () => {
  expect(at(3, 26, 12, 0, 59)).toBe('just now');
  expect(at(3, 26, 12, 1)).toBe('in 1 minute');
  expect(at(3, 26, 12, 58, 30)).toBe('in 59 minutes');
  expect(at(3, 26, 12, 59, 30)).toBe('in 1 hour');
  expect(at(3, 26, 14)).toBe('in 2 hours');
  expect(at(3, 26, 13, 59, 59)).toBe('in 2 hours');
  expect(at(3, 27, 12)).toBe('tomorrow');
  expect(at(3, 29)).toBe('in 3 days');
  expect(at(4, 26)).toBe('2025-04-26');
});

test('times of the same day are shown in hours', () => {
  const late = new Date(2025, 2, 26, 23, 59);
  expect(relativeTime(new Date(2025, 2, 26, 0, 5).toISOString(), late)).toBe('23 hours ago');
  const early = new Date(2025, 2, 26, 0, 5);
  expect(relativeTime(new Date(2025, 2, 26, 23, 50).toISOString(), early)).toBe('in 24 hours');
});

test('a missing time is shown as an empty text', () => {
  for (const nothing of [null, '', 'soon']) {
    expect(relativeTime(nothing)).toBe('');
    expect(dateTime(nothing)).toBe('');
    expect(utcTime(nothing)).toBe('');
  }
});

test('a time is shown in local time or UTC', () => {
  expect(dateTime(new Date(2025, 2, 25, 1, 4, 59).toISOString())).toBe('2025-03-25 01:04');
  expect(utcTime('2025-03-25T01:04:59.123Z')).toBe('2025-03-25 01:04 UTC');
});

test('points are shown with separators and a unit', () => {
  expect([0, 1, 2, 1827, 1_000_000, null].map(points)).toEqual([
    '0 points',
    '1 point',
    '2 points',
    '1,827 points',
    '1,000,000 points',
    '',
  ]);
});

test('durations are short: tenths of a second at first, then seconds, then minutes', () => {
  const shown = [0, 420, 9949, 9950, 59_499, 59_500, 125_000].map(duration);
  expect(shown).toEqual(['0.0 s', '0.4 s', '9.9 s', '10 s', '59 s', '1 min 0 s', '2 min 5 s']);
});
