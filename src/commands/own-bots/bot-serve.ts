import {Command} from 'commander';
import type {ServedScript} from '../../context/bot-script/serve-script.js';
import type {Context} from '../../context/context.js';
import {sanitize} from '../../output/terminal/sanitize.js';
import {addExamples, type Example} from '../shared/options/examples.js';
import {parsePort, portError} from '../shared/options/port.js';

interface BotServeFlags {
  port?: number;
  listen?: string;
  bot?: string;
  /** A path; false with --no-key. */
  key?: false;
  keyFile?: string;
  sync: boolean;
  watch?: boolean;
}

const defaultPort = 8080;

export const botServe = (context: Context) =>
  addExamples(new Command('serve'), examples)
    .summary('Serve a bot that a script of yours writes')
    .description(
      'Run a script that exports a bot, and answer Poe in its name until Ctrl+C. The access key is read from POE_ACCESS_KEY.',
    )
    .argument('<script>', 'JavaScript or TypeScript with the bot as its default export')
    .option('--port <number>', `Port to listen on (default: ${defaultPort})`, parsePort)
    .option('--listen <address>', 'Address to listen on (default: 127.0.0.1)')
    .option('-b, --bot <bot>', "The bot's handle on Poe, if it is not in the script")
    .option('--key-file <file>', 'Read the access key from a file')
    .option('--no-key', 'Answer without an access key, to this machine only')
    .option('--no-sync', 'Do not update the settings of the bot on Poe')
    .option('--watch', 'Run the script again when a file in its folder changes')
    .action(async (script: string, flags: BotServeFlags) => {
      const {io, output, signal} = context;
      const [{serveScript}, {readAccessKey}] = await Promise.all([
        import('../../context/bot-script/serve-script.js'),
        import('../../context/bot-script/read-access-key.js'),
      ]);
      // With --sandbox, Poe is here too, and nobody needs to know the key.
      const isSandbox = !context.keepsChats;
      const accessKey = await keyFor(flags, isSandbox, () => readAccessKey(flags.keyFile, io.env));
      const port = flags.port ?? defaultPort;
      await serveScript(script, {
        ...(await context.apiProfile.serverOptions()),
        accessKey,
        port,
        host: flags.listen ?? '127.0.0.1',
        handle: flags.bot,
        updatesSettings: flags.sync && !isSandbox,
        watches: flags.watch === true,
        onListening: async (served) => {
          if (!isSandbox) return show(context, served, {script, isOpen: accessKey === null});
          const {serveInSandbox} = await import('./serve/in-sandbox.js');
          await serveInSandbox(context, served, {script, accessKey});
        },
        onNote: (text) => (output.isJson ? undefined : output.note(text)),
        onOutput: (text) => void io.stderr.write(io.stderr.isTTY ? sanitize(text) : text),
        signal,
      }).catch((error: unknown) => {
        throw portError(error, port);
      });
    });

async function keyFor({key}: BotServeFlags, isSandbox: boolean, read: () => string): Promise<string | null> {
  if (key === false) return null;
  if (!isSandbox) return read();
  const {randomBytes} = await import('node:crypto');
  return randomBytes(16).toString('hex');
}

function show({output}: Context, {url, bots}: ServedScript, {script, isOpen}: {script: string; isOpen: boolean}): void {
  output.result({url, bots}, () => bots.map((bot) => bot.url).join('\n'));
  if (output.isJson) return;
  output.note(`Serving ${script} until Ctrl+C.`);
  output.note(
    isOpen
      ? 'Without an access key, it answers only requests from this machine.'
      : `Poe must reach it from the internet, for example with: cloudflared tunnel --url ${url}. Enter the public URL at https://poe.com/create_bot?server=1.`,
  );
}

const examples: readonly Example[] = [
  ['poe bot serve echo.mjs --sandbox'],
  ['POE_ACCESS_KEY=… poe bot serve echo.ts -b EchoBot --watch'],
];
