import {Command, InvalidArgumentError} from 'commander';
import type {Context} from '../../context/context.js';
import {addExamples, type Example} from '../shared/options/examples.js';
import {addressError, parsePort} from '../shared/options/port.js';
import {mcpRoute} from '../mcp/mcp-route.js';
import {servedLine, servedSizes} from './log-line.js';
import {status} from './status.js';
import {token} from './token.js';

interface ServeFlags {
  port?: number;
  listen?: string;
  allowHost?: string[];
  origin?: string[];
}

export const serve = (context: Context) =>
  addExamples(new Command('serve'), examples)
    .summary('Serve your bots to other programs')
    .description(
      'Serve your bots on this machine until Ctrl+C, to programs that speak the API of OpenAI or Anthropic, or MCP. Each program needs a token.',
    )
    .option('--port <number>', 'Port to listen on (default: a free port)', parsePort)
    .option('--listen <address>', 'Address to listen on (default: 127.0.0.1)')
    .option('--allow-host <name...>', 'Accept requests for this host name as well')
    .option('--origin <url...>', 'Allow web pages of this origin to use the server', collectOrigin)
    .action(async (flags: ServeFlags) => run(context, flags))
    .addCommand(token(context))
    .addCommand(status(context));

async function run(context: Context, {port, listen, allowHost, origin}: ServeFlags): Promise<void> {
  const {output, signal} = context;
  const serving = await context.serving();
  const via = await context.backendToServe();
  const mcp = mcpRoute(context);
  const server = await serving
    .start({
      via,
      port,
      address: listen,
      hosts: allowHost,
      origins: origin,
      routes: [mcp.route],
      log(request) {
        // Programs that only look whether the server is running would fill the log.
        if (request.client !== null || request.status !== 200) output.note(servedLine(request));
        output.log({what: `serve ${request.path ?? ''}`.trim(), status: servedSizes(request)});
      },
    })
    .catch((error: unknown) => {
      throw addressError(error, port, listen);
    });
  try {
    output.result({url: server.url, token: server.token}, environmentOf);
    output.note(`Serving at ${server.url} until Ctrl+C.`);
    output.note(`Status page: ${server.page}`);
    if (!server.isListed && server.token === undefined) {
      output.note('poe serve status does not list this server: nothing can be saved in the folder of settings.');
    }
    if (via === 'web') {
      output.note(
        'Unofficial: Poe supports this only with an API key. With a browser session, one message is sent at a time.',
      );
    }
    if (server.isPublic) {
      output.note('Warning: other machines can connect. Tokens and messages are sent to it without encryption.');
    }
    if (server.token === undefined && serving.tokens.current().length === 0) {
      output.note('No program has a token yet. Create one with: poe serve token add <name>');
    }
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, {once: true}));
    if (server.active() > 0) output.note('Waiting for requests to end. To stop at once, press Ctrl+C again.');
  } finally {
    await server.close();
    await mcp.close();
  }
}

/** Adds an origin, as browsers write it. */
function collectOrigin(value: string, before: string[] = []): string[] {
  const origin = /^https?:\/\/[^/]+\/?$/i.test(value) && URL.canParse(value) ? new URL(value).origin : undefined;
  if (origin !== undefined) return [...before, origin];
  throw new InvalidArgumentError('Expected the scheme, the host and the port of a page, such as https://app.example.');
}

/** The variables by which most programs find the server. */
function environmentOf({url, token: key}: {url: string; token: string | undefined}): string {
  const variables = {
    OPENAI_BASE_URL: `${url}/v1`,
    ANTHROPIC_BASE_URL: url,
    ...(key !== undefined && {OPENAI_API_KEY: key, ANTHROPIC_API_KEY: key}),
  };
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value}'`)
    .join('\n');
}

const examples: readonly Example[] = [['poe serve token add editor --budget 2000/day'], ['poe serve --port 4567']];
