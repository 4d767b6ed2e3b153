import ky, {HTTPError} from 'ky';
import {PoeError} from '../errors.js';
import {type Answered, type RetryPolicy, retryableStatuses, maxTries, retryAfterS, usualPauseMs} from './retry.js';

/**
 * Asks for a page or a script, again where that may help. Any status is an answer. ky goes by how an answer begins, and by whether
 * it came whole; what there is in it, which may be some megabytes, it is spared.
 * @throws Error of Node
 */
export async function readByKy<A extends Answered>(
  url: URL,
  ask: () => Promise<A>,
  {longestPauseS, signal}: RetryPolicy,
): Promise<A> {
  let answer: A | undefined;
  let wantedS: number | undefined;
  const fetch = async (): Promise<Response> => {
    answer = wantedS = undefined;
    answer = await ask();
    wantedS = retryAfterS(answer.headers);
    // All others are answers, and some of them no Response may have.
    return new Response(null, {status: retryableStatuses.has(answer.status) ? answer.status : 200});
  };
  const isWorthIt = (error: Error) => !(error instanceof PoeError) && (wantedS ?? 0) <= longestPauseS;
  const retry = {
    limit: maxTries - 1,
    statusCodes: [...retryableStatuses],
    shouldRetry: ({error}: {error: Error}) => (isWorthIt(error) ? undefined : false),
    delay: (tries: number) => (wantedS === undefined ? usualPauseMs(tries) : wantedS * 1000),
  };
  await ky(url, {fetch, signal, timeout: false, retry}).catch((error: unknown) => {
    if (!(error instanceof HTTPError)) throw error;
  });
  if (!answer) throw new Error('ky asked for nothing');
  return answer;
}
