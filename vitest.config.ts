import {defineConfig} from 'vitest/config';

const timeouts = {testTimeout: 60_000, hookTimeout: 60_000};

/** Tests that run bin/poe.js, and with it the built files in dist. */
const bin = 'test/{docs,process,ui}/**/*.test.ts';

/** Tests whose expectations differ between site versions. */
const differing = [
  'test/commands/{errors,explore,messages,send,send-options}.test.ts',
  'test/docs/examples.test.ts',
  'test/process/faults.test.ts',
  'test/security/hostile-text-commands.test.ts',
  'test/ui/chat.test.ts',
  'test/web/{exact-requests,failure-points,find-sent-message,library,library-actions,signed-requests,upload}.test.ts',
];

const build = ['test/support/build.ts'];

export default defineConfig({
  test: {
    // Tests mostly wait for a server or a program. The default leaves one core idle.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'in-process',
          ...timeouts,
          include: ['test/**/*.test.ts'],
          exclude: [bin],
          provide: {site: '2026-08'},
        },
      },
      {test: {name: 'bin', ...timeouts, include: [bin], globalSetup: build, provide: {site: '2026-08'}}},
      {test: {name: '2025-03', ...timeouts, include: differing, globalSetup: build, provide: {site: '2025-03'}}},
    ],
  },
});
