import type {ApiClient} from '../../core/api/client.js';
import type {CallOptions} from '../../core/options.js';
import {ServeError} from '../errors/serve-error.js';
import type {BotRequest, ReplyWriter, ServeBackend, ServedModel} from '../serve-backend.js';

interface ApiBackendDeps {
  client: Pick<ApiClient, 'bots' | 'close'>;
}

/** Passes requests on to Poe's API. */
export class ApiBackend implements ServeBackend {
  readonly via = 'api';
  readonly #deps: ApiBackendDeps;

  constructor(deps: ApiBackendDeps) {
    this.#deps = deps;
  }

  async models(options: CallOptions): Promise<ServedModel[]> {
    const bots = await this.#deps.client.bots.all(options);
    return bots.map(({handle, displayName, poweredBy, createdTime, contextTokens, outputTokens, takes, gives}) => ({
      id: handle,
      displayName,
      ownedBy: poweredBy,
      createdTime,
      contextTokens,
      outputTokens,
      takes,
      gives,
    }));
  }

  async answer(_request: BotRequest, _reply: ReplyWriter): Promise<void> {
    throw new ServeError(503, 'Not available yet', {kind: 'unavailable'});
  }

  close(): void {
    this.#deps.client.close();
  }
}
