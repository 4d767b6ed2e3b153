import {PoeError} from '../../errors.js';
import {timeOf} from '../../http/clock.js';
import {apiAddress} from './address.js';
import {startRequest, type ExchangeOptions} from './exchange.js';

/**
 * What time Poe's API says it is, in milliseconds; undefined where it cannot be asked. No key is needed.
 * @throws PoeError `interrupted`
 */
export async function apiTime(
  apiUrl: string,
  options: Pick<ExchangeOptions, 'timeoutMs' | 'log' | 'signal'>,
): Promise<number | undefined> {
  const url = new URL('/v1/models', apiAddress(apiUrl));
  try {
    const begun = await startRequest(url, {method: 'GET', headers: {}}, {...options, name: 'api time'});
    begun.close();
    return timeOf(begun.headers);
  } catch (error) {
    if (error instanceof PoeError && error.code === 'interrupted') throw error;
    return undefined;
  }
}
