import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import type {SendOptions} from '../../core/options.js';
import type {McpHost, McpLimits} from '../../mcp/host.js';
import type {McpOverHttp} from '../../mcp/transports/http.js';
import type {ClientRoute} from '../../serve/http/route.js';
import type {ServeClient} from '../../serve/tokens/serve-client.js';
import {mcpLimits} from './mcp-options.js';

/** MCP at `/mcp`, for programs with a token. Nothing is loaded before the first request. */
export function mcpRoute(context: Context): {route: ClientRoute; close: () => Promise<void>} {
  const started = new StartedChats();
  let server: Promise<McpOverHttp> | undefined;
  const load = async () => new (await import('../../mcp/transports/http.js')).McpOverHttp();
  return {
    route: {
      path: '/mcp',
      methods: ['POST', 'DELETE'],
      errors: 'jsonrpc',
      access: 'token',
      async handle({request, response, body, client, signal}) {
        server ??= load();
        const loaded = await server;
        await loaded.handle({request, response, body, owner: ownerOf(client), signal}, async () => ({
          host: hostFor(context, client, started),
          limits: await limitsFor(context, client),
        }));
      },
    },
    close: async () => (await server)?.close(),
  };
}

/** A session belongs to a token with its limits. After a change of these, a program has to start another one. */
const ownerOf = ({name, bots, budget}: ServeClient): string => JSON.stringify([name, bots, budget]);

/** Poe as a program with a token may use it: with its budget, and without the user's other chats. */
function hostFor(context: Context, program: ServeClient, started: StartedChats): McpHost {
  const {client} = context;
  const {ledger, name} = program;
  return {
    client: {
      bots: client.bots,
      chats: client.chats,
      account: client.account,
      budget: ledger.budget,
      backendFor: (options) => client.backendFor(options),
      async send(text, options: SendOptions = {}) {
        const reply = await client.send(text, {...options, ledger});
        started.add(name, reply.chat.chatCode);
        return reply;
      },
      async *compare(text, bots, options = {}) {
        for await (const compared of client.compare(text, bots, {...options, ledger})) {
          started.add(name, compared.reply?.chat.chatCode ?? null);
          yield compared;
        }
      },
    },
    async chat(code) {
      if (started.has(name, code)) return context.chat(code);
      throw new PoeError('chat_not_found', `This program has not started a chat ${JSON.stringify(code)}`, {
        remedy: 'choose_chat',
      });
    },
    withSettings: (options) => context.withSettings(options),
    saveFile: (url, path, options) => context.saveFile(url, path, options),
    openArchive: () => context.openArchive(),
    templates: () => context.templates(),
    toError: (error) => context.toError(error),
  };
}

/** No files and no archive: a token allows to ask bots. */
async function limitsFor(context: Context, {bots}: ServeClient): Promise<McpLimits> {
  const {mayUse} = await import('../../serve/tokens/bot-patterns.js');
  return {
    ...mcpLimits({archive: false}, context),
    mayUse: (bot) => mayUse(bots, bot),
  };
}

/** The chats that programs have started since the server started. They may continue no others: a number is easily guessed. */
class StartedChats {
  readonly #codes = new Map<string, Set<string>>();

  add(program: string, code: string | null): void {
    if (code === null) return;
    const codes = this.#codes.get(program) ?? new Set();
    this.#codes.set(program, codes.add(code));
    const [oldest] = codes;
    if (oldest !== undefined && codes.size > maxChats) codes.delete(oldest);
  }

  has(program: string, code: string): boolean {
    return this.#codes.get(program)?.has(code) === true;
  }
}

const maxChats = 1_000;
