import {TestRunner} from 'vitest';

/*
 * Timeouts of poe that a test waits for to their end. They are short, so that the tests are fast. But other work must be done in the
 * same time, which a slow machine may not do: a test that is repeated has ten times as much.
 */

/** A number of seconds as an argument of `--timeout`. */
export const seconds = (short: number): string => String(short * patience());

export const milliseconds = (short: number): number => short * patience();

const patience = (): number => ((TestRunner.getCurrentTest()?.result?.retryCount ?? 0) > 0 ? 10 : 1);
