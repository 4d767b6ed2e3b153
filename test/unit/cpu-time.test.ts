import {expect, test} from 'vitest';
import {CpuLimit} from '../../src/core/web/site/cpu-time.js';

test('a limit of CPU time is not exceeded while the thread waits', () => {
  const limit = new CpuLimit(100);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
  expect(limit.isExceeded).toBe(false);
  while (!limit.isExceeded);
  expect(limit.isExceeded).toBe(true);
});
