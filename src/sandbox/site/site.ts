import type {SignIns} from '../api/sign-in.js';
import type {ApiFile} from '../api/upload.js';
import type {VideoJobs} from '../api/media/video-jobs.js';
import type {PromptCache} from '../api/messages/prompt-cache.js';
import type {UsageLedger} from '../api/usage.js';
import type {Faults} from '../faults/faults.js';
import type {Channels} from '../live/channel.js';
import type {World} from '../world/world.js';
import type {SiteFacts} from './facts.js';
import type {FormKey} from './form-key.js';
import type {Hashes} from './hashes.js';

/** The simulated site: everything that a request may read or change. */
export interface SandboxSite {
  readonly facts: SiteFacts;
  /** Base URL of the pages and of the API. */
  readonly url: string;
  /** Base URL of scripts and files. */
  readonly cdnUrl: string;
  /** The end of the live channels' host names. */
  readonly baseHost: string;
  readonly tokens: {readonly pB: string; readonly pLat: string};
  readonly formKey: FormKey;
  readonly hashes: Hashes;
  readonly world: World;
  readonly channels: Channels;
  readonly faults: Faults;
  /** Files uploaded through the API. */
  readonly apiFiles: ApiFile[];
  /** The costs of API requests. */
  readonly ledger: UsageLedger;
  /** What providers have cached of prompts. */
  readonly promptCache: PromptCache;
  readonly signIns: SignIns;
  /** The videos that were requested through the API. */
  readonly videoJobs: VideoJobs;
  /** A factor on all delays of bots. */
  readonly pace: number;
  /** How long each answer to an HTTP request takes longer, in milliseconds. */
  readonly latencyMs: number;
}
