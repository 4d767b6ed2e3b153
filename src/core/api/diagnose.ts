import {PoeError} from '../errors.js';
import {failedFinding, type Finding, okFinding} from '../finding.js';
import type {CallOptions} from '../options.js';
import type {ApiAccount} from './account/account.js';

/** Checks whether the API answers and accepts the key. @throws PoeError `interrupted` */
export async function* diagnoseApi(
  url: URL,
  account: ApiAccount,
  {signal}: CallOptions = {},
): AsyncGenerator<Finding, void, undefined> {
  const answers = okFinding('API', `${url.host} answers`);
  try {
    const {points} = await account.balance({signal});
    yield answers;
    yield okFinding('API key', `accepted; ${points.toLocaleString('en-US')} points left`);
  } catch (error) {
    if (!(error instanceof PoeError) || error.code === 'interrupted') throw error;
    if (error.code === 'bad_tokens') yield answers;
    yield failedFinding(error.code === 'bad_tokens' ? 'API key' : 'API', error);
  }
}
