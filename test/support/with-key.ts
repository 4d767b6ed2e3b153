import type {SandboxOptions} from '../../src/sandbox/server/server.js';
import {withSandbox} from './harness.js';

/** What `whoami` reports for the sandbox's key. */
export const ownerOfKey = {
  profile: 'default',
  method: 'api-key',
  uid: 659_168_979,
  email: null,
  handle: 'sandbox',
  name: 'Sandbox',
};

/** As `withSandbox`, with an API key instead of a browser session. */
export async function withKey(options: SandboxOptions = {}) {
  const {sandbox, configDir, runWith} = await withSandbox(options);
  const env = {POE_P_B: undefined, POE_P_LAT: undefined, POE_API_KEY: sandbox.apiKey};
  return {
    sandbox,
    configDir,
    env,
    run: (...argv: string[]) => runWith({env}, ...argv),
    runWith: (runOptions: Parameters<typeof runWith>[0], ...argv: string[]) =>
      runWith({...runOptions, env: {...env, ...runOptions.env}}, ...argv),
  };
}
