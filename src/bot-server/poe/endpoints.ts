import type {Log} from '../../core/log/log.js';
import {endpoint, parseApiUrl, uploadUrlOf} from '../../core/api/http/api.js';

/** Where and how a bot server reaches Poe. */
export interface PoeOptions {
  /** Base URL of Poe's API. Default: `https://api.poe.com`. */
  apiUrl?: string | undefined;
  /** URL of the upload service. Default: Poe's, if `apiUrl` is Poe's too. */
  uploadUrl?: string | undefined;
  /** Give up after this many milliseconds without data from Poe. Default: 120,000. */
  timeoutMs?: number | undefined;
  /** Called with each request to Poe. */
  log?: Log | undefined;
}

/** The version of the protocol that fastapi_poe 0.0.83 speaks. */
const protocolVersion = '1.2';

/** Poe as a bot server sees it. */
export class PoeEndpoints {
  readonly #apiUrl: URL;
  /** @throws PoeError `usage` if it is not known */
  readonly uploadUrl: () => URL;
  readonly timeoutMs: number;
  readonly log: Log;

  /** @throws PoeError `usage` for a URL that is not secure */
  constructor({apiUrl = 'https://api.poe.com', uploadUrl, timeoutMs = 120_000, log}: PoeOptions) {
    this.#apiUrl = parseApiUrl(apiUrl);
    this.uploadUrl = uploadUrlOf(uploadUrl, this.#apiUrl, 'the access key');
    this.timeoutMs = timeoutMs;
    this.log = log ?? (() => {});
  }

  /** The URL of a bot. */
  bot(handle: string): URL {
    return endpoint(this.#apiUrl, `/bot/${encodeURIComponent(handle)}`);
  }

  /** Where the cost of a query is authorized or captured. */
  cost(queryId: string, action: 'authorize' | 'capture'): URL {
    return endpoint(this.#apiUrl, `/bot/cost/${encodeURIComponent(queryId)}/${action}`);
  }

  /** Where the settings of a bot are updated. Poe's protocol has the access key in the URL. */
  settings(handle: string, accessKey: string): URL {
    const names = [handle, accessKey, protocolVersion].map(encodeURIComponent);
    return endpoint(this.#apiUrl, `/bot/update_settings/${names.join('/')}`);
  }
}
