import {Command, Option} from 'commander';
import type {Context} from '../../context/context.js';
import {addExamples, type Example} from '../shared/options/examples.js';
import {parsePort, portError} from '../shared/options/port.js';

export const sandbox = (context: Context) =>
  addExamples(new Command('sandbox'), examples)
    .summary('Run a simulated Poe server')
    .description(
      'Run a simulated Poe server until Ctrl+C, and print the environment variables that point clients to it. It needs no account and discards all data when it stops.',
    )
    .option('--port <number>', 'Port to listen on (default: a free port)', parsePort)
    .addOption(
      new Option('--site <version>', 'Version of poe.com to simulate: 2025-03 or 2026-08 (default: 2026-08)').choices([
        '2025-03',
        '2026-08',
      ]),
    )
    .action(async (options: {port?: number; site?: '2025-03' | '2026-08'}) => {
      const sandbox = await context.serveSandbox(options).catch((error: unknown) => {
        throw portError(error, options.port);
      });
      context.output.result(
        {...sandbox.env, POE_API_KEY: sandbox.apiKey, POE_VIA: 'web', POE_CLIENT_ID: sandbox.clientId},
        (env) =>
          Object.entries(env)
            .map(([name, value]) => `export ${name}='${value}'`)
            .join('\n'),
      );
      context.output.note(`Serving at ${sandbox.url} until Ctrl+C.`);
      if (context.signal.aborted) return;
      await new Promise((resolve) => context.signal.addEventListener('abort', resolve, {once: true}));
    });

const examples: readonly Example[] = [
  ['poe sandbox --port 4567 > sandbox.env &'],
  ['until [ -s sandbox.env ]; do sleep 0.1; done'],
  ['. ./sandbox.env'],
  ['poe send "2x2?"'],
];
