import {PoeError} from '../../core/errors.js';
import {eventsOf} from '../../core/api/http/events.js';
import {nativeAccept, nativeBody} from '../../core/api/protocols/native.js';
import {nativeProgress} from '../../core/api/protocols/native-reader.js';
import {request} from '../../core/http/request.js';
import {secureUrl} from '../../core/http/url.js';
import type {Log} from '../../core/log/log.js';
import {registerSecret} from '../../core/log/redact.js';

interface AskServerOptions {
  accessKey: string | null;
  timeoutMs: number;
  log: Log;
  signal: AbortSignal;
}

/** Asks the server of an API bot as Poe does. @returns the text of its reply. @throws PoeError */
export async function askServer(
  url: string,
  prompt: string,
  {accessKey, timeoutMs, log, signal}: AskServerOptions,
): Promise<string> {
  registerSecret(accessKey ?? undefined);
  const headers = {
    'Content-Type': 'application/json',
    Accept: nativeAccept,
    ...(accessKey !== null && {Authorization: `Bearer ${accessKey}`}),
  };
  const message = {messageId: 1, author: 'human', bot: null, text: prompt, state: 'complete', time: ''} as const;
  const body = nativeBody({bot: '', messages: [{type: 'message', ...message}], parameters: {}});
  const address = secureUrl(url, 'the access key');
  const response = await request(
    address,
    {method: 'POST', headers: () => headers, body: JSON.stringify(body)},
    {name: `bot ${address.host}`, timeoutMs, log, signal},
  );
  try {
    if (response.status !== 200) {
      throw new PoeError('refused', `${url} answered with HTTP ${response.status}`, {
        hint:
          response.status === 401 ? 'The server has another access key.' : 'Is it a bot server, such as poe bot serve?',
      });
    }
    let text = '';
    for await (const progress of nativeProgress(eventsOf(response))) text = progress.text;
    return text;
  } finally {
    response.close();
  }
}
