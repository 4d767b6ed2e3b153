import {spawnSync} from 'node:child_process';
import {on} from 'node:events';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {inspect} from 'node:util';
import {type MessagePort, parentPort, workerData} from 'node:worker_threads';
import {PoeError} from '../../core/errors.js';
import {redact} from '../../core/log/redact.js';
import {settingsOf} from '../answer.js';
import type {Bot} from '../bot.js';
import {serveBot, updateSettings} from '../serve-bot.js';
import {botsOfScript} from './bots-of-script.js';
import type {FromScript, ScriptError, ScriptOptions, ToScript} from './messages.js';

/* The thread of `poe bot serve`: loads a script and serves its bots. A thread can be stopped, whatever the script does. */

const options = workerData as ScriptOptions;
if (parentPort) void run(parentPort);

async function run(port: MessagePort): Promise<void> {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Worker threads have no origin.
  const tell = (message: FromScript) => port.postMessage(message);
  const messages = on(port, 'message');
  const next = async (): Promise<ToScript> => {
    const {value}: {value: ToScript[]} = await messages.next();
    return value[0] ?? {type: 'close', waitMs: 0};
  };
  let isListening = false;
  const thrown = (error: unknown) => tell({type: 'thrown', text: redact(inspect(error))});
  // A promise that a script forgets must not end the replies to all users.
  process.on('unhandledRejection', thrown);
  try {
    const script: {default?: unknown} = await import(options.script);
    const bots = botsOfScript(script, options.handle);
    tell({type: 'loaded'});
    if ((await next()).type === 'close') return tell({type: 'closed'});
    isListening = true;
    const server = await serveBot(bots, {
      ...options,
      onFailure: thrown,
      onRequest: (entry) => tell({type: 'request', entry}),
    });
    const served = server.bots.map(({handle = null, ...bot}) => ({handle, ...bot}));
    tell({type: 'listening', url: server.url, bots: served});
    if (options.updatesSettings) await Promise.all(bots.map((bot) => update(bot, tell)));
    for (;;) {
      const message = await next();
      if (message.type !== 'close') continue;
      const closed = server.close(message);
      tell({type: 'closing'});
      await closed;
      return tell({type: 'closed'});
    }
  } catch (error) {
    tell({type: 'failed', error: {...describe(error), isListening}});
  }
}

/** Updates the settings of a bot on Poe. The bot works without that, so a failure does not stop the server. */
async function update(bot: Bot, tell: (message: FromScript) => void): Promise<void> {
  const {handle, accessKey = options.accessKey} = bot;
  if (handle === undefined || accessKey === null) return;
  try {
    await updateSettings(handle, await settingsOf(bot), {...options, accessKey});
    tell({type: 'updated', handle});
  } catch (error) {
    tell({type: 'not updated', handle, message: describe(error).message});
  }
}

function describe(error: unknown): Omit<ScriptError, 'isListening'> {
  const message = error instanceof Error ? error.message : inspect(error);
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    message: redact(message.split('\n')[0] ?? ''),
    code,
    hint: error instanceof PoeError ? error.hint : undefined,
    stack: error instanceof PoeError ? undefined : redact(syntaxError(error) ?? inspect(error)),
  };
}

/** A syntax error with its place in the script, which Node does not tell in the error. */
function syntaxError(error: unknown): string | undefined {
  if (!(error instanceof SyntaxError)) return undefined;
  const {stderr} = spawnSync(process.execPath, ['--check', fileURLToPath(options.script)], {
    encoding: 'utf8',
    timeout: 5_000,
  });
  return stderr.replace(/\n +at [^]*$/, '').trim() || undefined;
}
