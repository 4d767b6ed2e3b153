import {PoeError} from '../errors.js';
import type {CallOptions} from '../options.js';
import type {Finding} from '../finding.js';
import type {ApiAccount} from './account/account.js';

/** What stands between here and the API: whether it answers, and whether it takes the key. @throws PoeError `interrupted` */
export async function diagnoseApi(url: URL, account: ApiAccount, {signal}: CallOptions = {}): Promise<Finding[]> {
  const good = (layer: string, saw: string): Finding => ({layer, state: 'ok', detail: saw, hint: null, code: null});
  try {
    const {points} = await account.balance({signal});
    return [
      good('API', `${url.host} answers`),
      good('API key', `it is taken; ${points.toLocaleString('en-US')} points left`),
    ];
  } catch (error) {
    if (!(error instanceof PoeError) || error.code === 'interrupted') throw error;
    const {code, message, hint = null} = error;
    const bad = (layer: string): Finding => ({layer, state: 'failed', detail: message, hint: hint, code});
    return code === 'bad_tokens' ? [good('API', `${url.host} answers`), bad('API key')] : [bad('API')];
  }
}
