import {basename} from 'node:path';
import type {ServedScript} from '../../../context/bot-script/serve-script.js';
import type {Context} from '../../../context/context.js';
import {PoeError} from '../../../core/errors.js';

/**
 * Adds the bots of a script to the sandbox of this process, and shows how other commands use it.
 * @throws PoeError `usage` if the sandbox has a bot with such a handle
 */
export async function serveInSandbox(
  context: Context,
  {url, bots}: ServedScript,
  {script, accessKey}: {script: string; accessKey: string | null},
): Promise<void> {
  const {output} = context;
  const sandbox = await context.serveSandbox({});
  const named = bots.map((bot) => ({...bot, handle: bot.handle ?? handleFrom(bot.path === '/' ? script : bot.path)}));
  for (const bot of named) {
    if (sandbox.addServerBot(bot.handle, {url: bot.url, key: accessKey})) continue;
    throw new PoeError('usage', `The sandbox has a bot named ${bot.handle}`, {hint: 'Choose another handle.'});
  }
  const {apiKey: POE_API_KEY, clientId: POE_CLIENT_ID} = sandbox;
  const env = {...sandbox.env, POE_API_KEY, POE_VIA: 'web', POE_CLIENT_ID};
  output.result({url, bots: named, env}, () =>
    Object.entries(env)
      .map(([name, value]) => `export ${name}='${value}'`)
      .join('\n'),
  );
  if (output.isJson) return;
  output.note(`Serving ${script} to a sandbox until Ctrl+C.`);
  const [first] = named;
  if (first) output.note(`Paste these lines into another terminal, then: poe send -b ${first.handle} "Hello"`);
}

/** A handle from the name of a script, or a path: 4 to 20 characters. */
const handleFrom = (path: string): string =>
  basename(path)
    .replace(/\.[cm]?[jt]s$/, '')
    .replaceAll(/[^A-Za-z0-9_.-]/g, '-')
    .slice(0, 16)
    .padEnd(4, '-bot');
