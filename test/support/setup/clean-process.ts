import process from 'node:process';
import {afterAll, expect, vi} from 'vitest';
import {noTlsSessions, storeTlsSessions} from '../../../src/core/http/connect/tls-sessions.js';
import {forgetSecrets} from '../../../src/core/log/redact.js';

/*
 * Many test files run in the same process, one after the other, so that they load poe only once. Each file finds the process as
 * the first one does, and must leave it like this.
 */

forgetSecrets();
storeTlsSessions(noTlsSessions);
const before = stateOfProcess();

afterAll(() => {
  expect(stateOfProcess()).toEqual(before);
});

/** What one file could change for the next one. */
function stateOfProcess() {
  const {env, exitCode} = process;
  return {
    env: {...env},
    exitCode,
    folder: process.cwd(),
    umask: process.umask(),
    hasFakeTimers: vi.isFakeTimers(),
  };
}
