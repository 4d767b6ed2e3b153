import {PoeError} from '../../core/errors.js';
import {isLoopback} from '../../core/http/url.js';
import type {BotFolder} from '../bot-folder/bot-folder.js';

/** Who is asked in place of a bot that is tested. */
export type TestTarget =
  /** A bot on Poe, perhaps with the prompt of the folder as its instructions. */
  | {kind: 'poe'; bot: string; system: string | undefined; temperature: number | undefined}
  /** The server of an API bot, without Poe. */
  | {kind: 'server'; bot: string; url: string; isOnThisMachine: boolean; accessKey: string | null};

interface TargetOptions {
  /** A bot on Poe to ask instead. */
  bot: string | undefined;
  /** Whether the bot of the folder is asked as it is in the folder. */
  isLocal: boolean;
  /** Whether the bot of the folder is on Poe. */
  isPushed: () => Promise<boolean>;
  env: Readonly<Record<string, string | undefined>>;
}

/** @throws PoeError `usage` if the bot can be tested only after it was pushed */
export async function testTarget(
  folder: BotFolder,
  {bot, isLocal, isPushed, env}: TargetOptions,
): Promise<TestTarget & {isLocal: boolean}> {
  const {settings} = folder;
  if (bot !== undefined) return {...onPoe(bot), isLocal: false};
  if (!isLocal && (await isPushed())) return {...onPoe(settings.handle), isLocal: false};
  return {...localTarget(folder, env), isLocal: true};
}

const onPoe = (bot: string): TestTarget => ({kind: 'poe', bot, system: undefined, temperature: undefined});

function localTarget({settings, prompt}: BotFolder, env: TargetOptions['env']): TestTarget {
  const {handle, category, base_bot: base, temperature, server_url: url, access_key_env: variable} = settings;
  if (url !== undefined) {
    const accessKey = variable === undefined ? null : env[variable];
    const isOnThisMachine = isLoopback(new URL(url).hostname);
    if (accessKey !== undefined && accessKey !== '')
      return {kind: 'server', bot: handle, url, isOnThisMachine, accessKey};
    throw new PoeError('usage', `${variable} is not set: it has the access key of ${url}`);
  }
  if (category === 'script' || category === 'api')
    throw notOnPoe(handle, `a bot of the category ${category} runs only there`);
  if (base === undefined) throw notOnPoe(handle, 'bot.yaml names no base_bot');
  return {kind: 'poe', bot: base, system: prompt ?? undefined, temperature};
}

const notOnPoe = (handle: string, why: string): PoeError =>
  new PoeError('usage', `${handle} can be tested only on Poe: ${why}`, {hint: 'Push it first.'});
