import {type HttpResponse, json, parseJson, type SandboxRequest} from '../server/http.js';
import type {World} from '../world/world.js';

/** Whether a server updates the settings of its bot. The key is in the path. */
export const isSettingsPath = (path: string): boolean => path.startsWith('/bot/update_settings/');

/** Stores the settings of a bot: here, only its introduction has an effect. */
export function updateBotSettings({method, url, signed}: SandboxRequest, world: World): HttpResponse {
  const [, , , handle = '', key = '', version = ''] = url.pathname.split('/').map((part) => decodeURIComponent(part));
  const own = world.ownBots.find(handle);
  if (method !== 'POST' || version !== '1.2') return text(400, 'Invalid request.');
  if (!own?.bot.server || own.bot.server.key !== key)
    return text(403, `There is no bot ${handle} with this access key.`);
  const settings: unknown = parseJson(Buffer.from(signed).toString('utf8'));
  if (typeof settings !== 'object' || settings === null || !('response_version' in settings)) {
    return text(400, 'Invalid settings.');
  }
  if ('introduction_message' in settings && typeof settings.introduction_message === 'string') {
    Object.assign(own.bot, {introduction: settings.introduction_message});
  }
  return json(200, {});
}

const text = (status: number, body: string): HttpResponse => ({status, headers: {'Content-Type': 'text/plain'}, body});
