import {PoeError} from '../errors.js';
import type {CallOptions} from '../options.js';
import {failedFinding, type Finding, okFinding} from '../finding.js';
import type {ApiAccount} from './account/account.js';

/** Checks that the API responds and accepts the key. Sends nothing to a bot. @throws PoeError `interrupted` */
export async function diagnoseApi(url: URL, account: ApiAccount, {signal}: CallOptions = {}): Promise<Finding[]> {
  const responds = okFinding('API', `${url.host} answers`);
  try {
    const {points} = await account.balance({signal});
    return [responds, okFinding('API key', `it is taken; ${points.toLocaleString('en-US')} points left`)];
  } catch (error) {
    if (!(error instanceof PoeError) || error.code === 'interrupted') throw error;
    return error.code === 'bad_tokens' ? [responds, failedFinding('API key', error)] : [failedFinding('API', error)];
  }
}
