import type {Channels} from '../live/channel.js';
import type {Faults} from '../faults/faults.js';
import type {Rules, SiteForm} from './facts.js';
import type {FormKey} from './form-key.js';
import type {Hashes} from './hashes.js';
import type {SignIns} from '../api/sign-in.js';
import type {ApiFile} from '../api/upload.js';
import type {Ledger} from '../api/usage.js';
import type {World} from '../world/world.js';

/** The site as its parts see it. */
export interface SandboxSite {
  readonly form: SiteForm;
  /** What of the form tests change. */
  readonly rules: Rules;
  /** Where the pages and the API are. */
  readonly url: string;
  /** Where the scripts are. */
  readonly cdnUrl: string;
  /** What the live channels' hosts end with. */
  readonly baseHost: string;
  readonly tokens: {readonly pB: string; readonly pLat: string};
  readonly formKey: FormKey;
  readonly hashes: Hashes;
  readonly world: World;
  readonly channels: Channels;
  readonly faults: Faults;
  /** What was uploaded for the API's bots. */
  readonly apiFiles: ApiFile[];
  /** What the API's bots have cost. */
  readonly ledger: Ledger;
  /** Who signs in with Poe. */
  readonly signIns: SignIns;
  /** Factor on all waits of the bots. */
  readonly pace: number;
}
