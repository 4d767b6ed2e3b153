import type {ApiClient} from '../../core/api/client.js';
import {estimateCost, estimatePrice} from '../../core/api/ask/estimate-price.js';
import {forwarding} from '../../core/api/http/api.js';
import {toServeErrorOfReply} from '../errors/to-serve-error.js';
import {unexpectedPage} from '../../core/api/http/content-kind.js';
import type {StreamedResponse} from '../../core/http/request.js';
import {interruption} from '../../core/errors.js';
import type {ModelBot} from '../../core/model-bot.js';
import type {CallOptions} from '../../core/options.js';
import type {TokenUsage} from '../../core/reply.js';
import type {Reservation} from '../../core/spending/ledger.js';
import type {BotFormat, BotRequest, JsonObject, ReplyWriter, ServeBackend, ServedModel} from '../serve-backend.js';
import {textsIn} from '../texts.js';
import {BotIndex} from './bot-index.js';
import {relayReply} from './relay-reply.js';
import {Rejections, rejectedPath, withoutPath} from './rejections.js';
import {repair} from './repair.js';
import {readFailure, toProgramError} from './upstream-error.js';

interface ApiBackendDeps {
  client: Pick<ApiClient, 'api' | 'bots' | 'close' | 'rejectedFields'>;
}

const paths: Readonly<Record<BotFormat, string>> = {
  chat: '/v1/chat/completions',
  responses: '/v1/responses',
  messages: '/v1/messages',
};

/** How often a request is sent again without a field that the bot does not accept. Such a request costs nothing. */
const maxRepairs = 8;

/** Passes requests on to Poe's API, and the replies back as they are. A request that may have been charged is sent once. */
export class ApiBackend implements ServeBackend {
  readonly via = 'api';
  readonly #client: ApiBackendDeps['client'];
  readonly #bots: BotIndex;
  readonly #rejections = new Rejections();

  constructor({client}: ApiBackendDeps) {
    this.#client = client;
    this.#bots = new BotIndex(client.bots);
  }

  async models(options: CallOptions): Promise<ServedModel[]> {
    return (await this.#bots.all(options)).map(toServedModel);
  }

  async answer(request: BotRequest, reply: ReplyWriter): Promise<void> {
    const {signal, client} = request;
    const bot = await this.#bots.find(request.bot, {signal});
    const body = repair(request, bot);
    const reservation = await client.ledger.reserve(
      {
        via: 'api',
        bot: bot?.handle ?? request.bot,
        price: async () => priceOf(body, bot, request.format),
        costOf: (usage) => estimateCost(bot, usage),
      },
      {signal},
    );
    const settlement = new Settlement(reservation);
    try {
      const response = await this.#send(request, body, settlement);
      await relayReply(response, request, reply, (usage) => {
        settlement.usage = usage;
        const points = estimateCost(bot, usage);
        if (points !== null) reply.cost(points);
      });
    } finally {
      settlement.end();
    }
  }

  close(): void {
    this.#client.close();
  }

  /** Sends a request, without the fields that the bot rejects. @returns a successful response. @throws PoeError, ServeError */
  async #send(request: BotRequest, repaired: JsonObject, settlement: Settlement): Promise<StreamedResponse> {
    const {format, signal} = request;
    const key = `${format} ${request.bot.toLowerCase()}`;
    let body = this.#rejections.remove(key, repaired);
    for (let tries = 0; ; tries++) {
      const delivery = forwarding();
      settlement.mayBeCharged = () => delivery.mayBeProcessed;
      if (signal.aborted) throw interruption(signal);
      const response = await this.#client.api.forward(paths[format], JSON.stringify(body), {
        accept: request.isStreamed ? 'text/event-stream' : 'application/json',
        headers: headersOf(request),
        signal,
        delivery,
      });
      if (response.status >= 200 && response.status < 300) {
        if (isPage(response)) throw toServeErrorOfReply(unexpectedPage());
        return response;
      }
      const failure = await readFailure(response);
      settlement.mayBeCharged = () => !failure.isUnprocessed;
      const path = tries < maxRepairs ? rejectedPath(failure) : undefined;
      const changed = path === undefined ? body : withoutPath(body, path, format === 'messages');
      if (path === undefined || JSON.stringify(changed) === JSON.stringify(body)) {
        throw toProgramError(failure, format === 'messages' && failure.status === 404 ? onlyClaude : undefined);
      }
      if (!path.includes('.') || format !== 'messages') this.#rejections.add(key, path.split('.')[0] ?? path);
      body = changed;
    }
  }
}

/** Ends the reservation of a request: with what it has cost, or without if it was certainly not processed. */
class Settlement {
  usage: TokenUsage | undefined;
  mayBeCharged: () => boolean = () => false;
  readonly #reservation: Reservation;

  constructor(reservation: Reservation) {
    this.#reservation = reservation;
  }

  end(): void {
    if (this.usage) this.#reservation.settle({usage: this.usage});
    else if (this.mayBeCharged()) this.#reservation.settle();
    else this.#reservation.release();
  }
}

/** The fields that limit the tokens of a reply. */
const limitFields: Readonly<Record<BotFormat, readonly string[]>> = {
  chat: ['max_tokens', 'max_completion_tokens'],
  responses: ['max_output_tokens'],
  messages: ['max_tokens'],
};

/** If there are two limits, the larger one counts: a bot may know only one of them. */
function priceOf(body: JsonObject, bot: ModelBot | undefined, format: BotFormat) {
  const limits = limitFields[format].map((name) => body[name]).filter((limit) => typeof limit === 'number');
  return estimatePrice(bot, {
    texts: textsIn(body),
    parameters: limits.length > 0 ? {max_tokens: Math.max(...limits)} : {},
  });
}

/** Only these headers are passed on. */
function headersOf(request: BotRequest): Record<string, string> {
  if (request.format !== 'messages') return {};
  const beta = request.header('anthropic-beta');
  return {
    'anthropic-version': request.header('anthropic-version') ?? '2023-06-01',
    ...(beta !== undefined && {'anthropic-beta': beta}),
  };
}

const onlyClaude = "Poe's API has /v1/messages for Claude bots only. Ask other bots by /v1/chat/completions.";

const isPage = ({headers}: StreamedResponse): boolean => /^text\/html\b/i.test(headers.get('content-type') ?? '');

const toServedModel = (bot: ModelBot): ServedModel => ({
  id: bot.handle,
  displayName: bot.displayName,
  ownedBy: bot.poweredBy,
  createdTime: bot.createdTime,
  contextTokens: bot.contextTokens,
  outputTokens: bot.outputTokens,
  takes: bot.takes,
  gives: bot.gives,
});
