import {withSandbox} from './harness.js';

/** As `withSandbox`, with an API key instead of a browser session. */
export async function withKey() {
  const {sandbox, configDir, runWith} = await withSandbox();
  const env = {POE_P_B: undefined, POE_P_LAT: undefined, POE_API_KEY: sandbox.apiKey};
  return {
    sandbox,
    configDir,
    env,
    run: (...argv: string[]) => runWith({env}, ...argv),
    runWith: (options: Parameters<typeof runWith>[0], ...argv: string[]) =>
      runWith({...options, env: {...env, ...options.env}}, ...argv),
  };
}
