import {Command, InvalidArgumentError, Option} from 'commander';
import type {Context} from '../../context/context.js';

export const sandbox = (context: Context) =>
  new Command('sandbox')
    .summary('serve a stand-in of poe.com on this machine')
    .description(
      'Serve a stand-in of poe.com on this machine until Ctrl-C, and print the environment that points any client of Poe at it.\n' +
        'It is as strict as the site, needs no account, and remembers what is done to it while it runs.',
    )
    .option('--port <number>', 'the port to listen on (default: any free one)', port)
    .addOption(
      new Option('--site <month>', 'the form of poe.com to serve (default: 2025-03)').choices(['2025-03', '2026-08']),
    )
    .addHelpText('after', examples)
    .action(async (options: {port?: number; site?: '2025-03' | '2026-08'}) => {
      const served = await context.serveSandbox(options);
      // With both, the site goes first here: a stand-in of poe.com is what one came for.
      context.output.result(
        {...served.env, POE_API_KEY: served.apiKey, POE_VIA: 'web', POE_CLIENT_ID: served.clientId},
        (env) =>
          Object.entries(env)
            .map(([name, value]) => `export ${name}='${value}'`)
            .join('\n'),
      );
      context.output.note(`Serving at ${served.url} until Ctrl-C.`);
      if (context.signal.aborted) return;
      await new Promise((resolve) => context.signal.addEventListener('abort', resolve, {once: true}));
    });

function port(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= 65_535) return number;
  throw new InvalidArgumentError('Give a port number, 0 to 65535.');
}

const examples = `
Example:
  poe sandbox --port 4567 > sandbox.env &
  . ./sandbox.env
  poe send "2x2?"
`;
