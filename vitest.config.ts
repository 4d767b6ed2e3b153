import {availableParallelism} from 'node:os';
import {defineConfig} from 'vitest/config';

/** Folders of the tests that run bin/poe.js or the library as they are built. */
const built = 'test/{docs,process,ui}/**/*.test.ts';
const growth = 'test/growth/**/*.test.ts';

const shared = {
  // Test files share the processes of the workers, because loading poe takes longer than most of the tests.
  isolate: false,
  setupFiles: ['test/support/setup/clean-process.ts'],
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // A condition that a test waits for; one second is too short for a slow machine.
  expect: {poll: {timeout: 60_000}},
  // On a busy machine a program or a terminal can be slower than a test allows for. A failure counts if it occurs three times: see
  // test/support/patience.ts.
  retry: 2,
};

export default defineConfig({
  test: {
    // Most tests wait for a server or a program, so two workers more than cores keep the cores busy.
    maxWorkers: availableParallelism() + 2,
    projects: [
      {test: {...shared, name: 'in-process', include: ['test/**/*.test.ts'], exclude: [built, growth]}},
      // Counts operations in functions that are compiled after counting has begun.
      {test: {...shared, name: 'growth', include: [growth], isolate: true}},
      {test: {...shared, name: 'bin', include: [built], globalSetup: ['test/support/setup/build.ts']}},
    ],
  },
});
