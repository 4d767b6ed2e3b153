import {TestRunner} from 'vitest';

/*
 * Timeouts of poe that a test waits for to their end. They are short, so that the tests are fast. But other work must be done in the
 * same time, which a slow machine may not do: a test that is repeated has ten times as much.
 */

type Test = Readonly<Pick<NonNullable<ReturnType<typeof TestRunner.getCurrentTest>>, 'result'>>;

/** A number of seconds as an argument of `--timeout`. @param test the `task` of the context, in tests that run concurrently */
export const seconds = (short: number, test?: Test): string => String(short * patience(test));

export const milliseconds = (short: number): number => short * patience();

const patience = (test: Test | undefined = TestRunner.getCurrentTest()): number =>
  (test?.result?.retryCount ?? 0) > 0 ? 10 : 1;
