import {serveSite} from '../server/serve-site.js';
import type {Sandbox, SandboxOptions} from '../server/server.js';
import type {World} from '../world/world.js';
import type {Faults} from './faults.js';

/** A sandbox that the tests of this package can look into, change and disturb. Not part of the public API. */
export interface TestSandbox extends Sandbox {
  /** The site's current form key. */
  readonly formKey: string;
  /** The account's chats, bots, points and settings. */
  readonly world: World;
  readonly faults: Faults;
}

export async function startTestSandbox(options?: SandboxOptions): Promise<TestSandbox> {
  const {sandbox, site} = await serveSite(options);
  const {faults, formKey, world} = site;
  return {
    ...sandbox,
    faults,
    world,
    get formKey() {
      return formKey.current;
    },
  };
}
