import {PoeError} from '../errors.js';
import {pause} from './retry.js';

const firstPauseMs = 500;

/**
 * Sends a message that may have been processed again, as often as the user allows.
 * @param send receives whether this is the last attempt
 * @param isRepeatable whether another attempt may succeed. Default: if it is not known whether the message was
 *    processed
 * @throws what the last attempt throws; PoeError `interrupted`
 */
export async function withResends<T>(
  {retries = 0, signal}: {retries?: number | undefined; signal?: AbortSignal | undefined},
  send: (isLast: boolean) => Promise<T>,
  isRepeatable: (error: PoeError) => boolean = ({code}) => code === 'delivery_unknown',
): Promise<T> {
  for (let tries = 1; tries <= retries; tries++) {
    try {
      return await send(false);
    } catch (error) {
      if (!(error instanceof PoeError) || !isRepeatable(error)) throw error;
      await pause(firstPauseMs * 2 ** (tries - 1), signal);
    }
  }
  return send(true);
}
