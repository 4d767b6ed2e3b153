import {PoeError} from '../../core/errors.js';
import {requestText} from '../../core/http/request.js';
import {quote} from '../../core/log/redact.js';
import {checkAccessKey} from '../access-key.js';
import {PoeEndpoints, type PoeOptions} from './endpoints.js';
import {type BotSettings, toWireSettings} from '../settings.js';

export interface UpdateSettingsOptions extends PoeOptions {
  accessKey: string;
  signal?: AbortSignal | undefined;
}

/**
 * Sends the settings of a bot to Poe, as fastapi_poe does when a server starts. Repeating it changes nothing.
 * @param handle the bot's handle on Poe
 * @throws PoeError `usage` for invalid settings; `refused` if Poe does not accept them or the access key; `network`, `timeout`
 */
export async function updateSettings(
  handle: string,
  settings: BotSettings,
  {accessKey, signal, ...poe}: UpdateSettingsOptions,
): Promise<void> {
  const key = checkAccessKey(accessKey);
  const endpoints = new PoeEndpoints(poe);
  const {timeoutMs, log} = endpoints;
  const body = JSON.stringify(toWireSettings(settings));
  const {status, text} = await requestText(
    endpoints.settings(handle, key),
    {method: 'POST', headers: () => ({'Content-Type': 'application/json'}), body},
    {name: `update settings of ${handle}`, timeoutMs, log, signal},
  );
  if (status === 200) return;
  const reason = quote(text.replaceAll(/\s+/g, ' ').trim(), 300);
  throw new PoeError(
    'refused',
    `Poe did not accept the settings of ${handle} (HTTP ${status})${reason && `: ${reason}`}`,
    {
      hint: 'Check the handle and the access key of the bot.',
    },
  );
}
