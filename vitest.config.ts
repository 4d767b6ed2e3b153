import {readdirSync, readFileSync} from 'node:fs';
import {defineConfig} from 'vitest/config';

const timeouts = {testTimeout: 60_000, hookTimeout: 60_000};

/** These say in each test which form of poe.com it is about, or it does not matter to them. */
const ofOneSite =
  /compat\/(?:changed-facts|site-versions)|web\/clock|commands\/doctor|security\/hostile-page|sandbox\/site-2026-08/;

/** What goes through commands against the sandbox. */
const throughSandbox = readdirSync('test', {recursive: true, encoding: 'utf8'})
  .filter((file) => file.endsWith('.test.ts') && !ofOneSite.test(file))
  .map((file) => `test/${file}`)
  .filter((path) => /\b(?:withSandbox|onTerminal)\(/.test(readFileSync(path, 'utf8')));

export default defineConfig({
  test: {
    globalSetup: ['test/support/build.ts'],
    // Much of a test is waiting: one more than there would be by default, which is one on a small machine.
    maxWorkers: '100%',
    projects: [
      {test: {name: '2025-03', ...timeouts, include: ['test/**/*.test.ts'], provide: {site: '2025-03'}}},
      {test: {name: '2026-08', ...timeouts, include: throughSandbox, provide: {site: '2026-08'}}},
    ],
  },
});
