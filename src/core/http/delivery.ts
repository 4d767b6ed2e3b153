import {NetworkError} from './network-error.js';
import type {RequestOptions} from './request.js';
import type {RetryPolicy} from './retry.js';
import {unprocessedStatuses} from './retryable-statuses.js';

/**
 * The delivery of a request that may cost points. It is repeated, at most twice, only if the server has certainly not processed it: there was no
 * connection, the connection was lost before the whole request was sent, or the response is 429, 503 or 529.
 */
export class Delivery {
  readonly #policy: RetryPolicy;
  #isSent = false;
  #status: number | undefined;

  /** @param retried the statuses after which it is repeated */
  constructor(retried: ReadonlySet<number> = unprocessedStatuses) {
    this.#policy = deliveryPolicy(retried, () => !this.mayBeProcessed);
  }

  /** Whether the whole request has been handed to the network. */
  get isSent(): boolean {
    return this.#isSent;
  }

  /** Whether the server may have processed the request without confirming it. */
  get mayBeProcessed(): boolean {
    return this.#status === undefined ? this.#isSent : !isRejection(this.#status);
  }

  /** The options of the request. @param onResponse called with every response */
  options(onResponse: RequestOptions['onResponse']): RequestOptionsOfDelivery {
    return {
      retry: this.#policy,
      onAttempt: () => {
        this.#isSent = false;
        this.#status = undefined;
      },
      onRequestSent: () => {
        this.#isSent = true;
      },
      onResponse: (response) => {
        this.#status = response.status;
        onResponse?.(response);
      },
    };
  }
}

const deliveryPolicy = (retried: ReadonlySet<number>, mayRepeat: () => boolean): RetryPolicy => ({
  maxTries: 3,
  retriesStatus: (status) => retried.has(status),
  retriesError: (error) => error instanceof NetworkError && error.isTransient && mayRepeat(),
  pauseMs: (tries) => 250 * 2 ** (tries - 1) * (1 + Math.random()),
  maxRetryAfterS: 15,
});

type RequestOptionsOfDelivery = Pick<RequestOptions, 'retry' | 'onAttempt' | 'onRequestSent' | 'onResponse'>;

/** Whether a status says that nothing was done. A timeout (408) does not. */
const isRejection = (status: number): boolean =>
  unprocessedStatuses.has(status) || (status >= 400 && status < 500 && status !== 408);
