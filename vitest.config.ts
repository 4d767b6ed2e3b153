import {defineConfig} from 'vitest/config';

const timeouts = {testTimeout: 60_000, hookTimeout: 60_000};

/** Tests that start bin/poe.js, which runs what was built. */
const bin = [
  'test/{docs,process,ui}/**/*.test.ts',
  'test/api/{account,killed,library,local-chats,reasoning,sign-in}.test.ts',
  'test/commands/{ask-user,completion,save,seed-command-line}.test.ts',
  'test/compat/site-variation-details.test.ts',
  'test/output/highlight.test.ts',
  'test/security/{hostile-chat,hostile-page,hostile-text-commands,secrets,written-files}.test.ts',
  'test/web/{clock,upload}.test.ts',
];

/** Tests of what differs between site versions. */
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
          exclude: bin,
          provide: {site: '2026-08'},
        },
      },
      {test: {name: 'bin', ...timeouts, include: bin, globalSetup: build, provide: {site: '2026-08'}}},
      {test: {name: '2025-03', ...timeouts, include: differing, globalSetup: build, provide: {site: '2025-03'}}},
    ],
  },
});
