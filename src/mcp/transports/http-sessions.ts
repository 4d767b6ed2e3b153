import {WebStandardStreamableHTTPServerTransport} from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import {randomUUID} from 'node:crypto';
import type {McpHost, McpLimits} from '../host.js';
import {createMcpServer, type McpServer} from '../server.js';

/** All clients together may have so many sessions, and each of them a quarter. An idle one holds a few KB. */
const maxSessions = 64;
const maxOfClient = maxSessions / 4;
/** A session that has not been used for so long is closed. Its client then starts another one. */
const maxIdleMs = 30 * 60_000;

export interface Session {
  /** Names the client, and what it may do. */
  owner: string;
  transport: WebStandardStreamableHTTPServerTransport;
  mcp: McpServer;
  usedAt: number;
}

/** The sessions of MCP clients over HTTP. */
export class HttpSessions {
  readonly #sessions = new Map<string, Session>();

  /** The session with this ID, if it belongs to a client. */
  find(id: string, owner: string): Session | undefined {
    const session = this.#sessions.get(id);
    if (session?.owner !== owner) return undefined;
    session.usedAt = Date.now();
    return session;
  }

  /**
   * A new session. It replaces the one that has been idle for the longest time if there are too many.
   * @returns undefined if there are too many, and all of them are in use
   */
  async open(owner: string, host: McpHost, limits: McpLimits): Promise<Session | undefined> {
    await this.#closeIdle();
    const own = [...this.#sessions.entries()].filter(([, session]) => session.owner === owner);
    if (own.length >= maxOfClient && !(await this.#closeOldest(own))) return undefined;
    if (this.#sessions.size >= maxSessions && !(await this.#closeOldest([...this.#sessions.entries()])))
      return undefined;
    const mcp = createMcpServer(host, limits);
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void this.#sessions.set(id, session),
      onsessionclosed: (id) => void this.#sessions.delete(id),
    });
    const session: Session = {owner, transport, mcp, usedAt: Date.now()};
    await mcp.server.connect(transport);
    return session;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions.keys()].map(async (id) => this.#close(id)));
  }

  async #closeIdle(): Promise<void> {
    const before = Date.now() - maxIdleMs;
    for (const [id, {usedAt, mcp}] of this.#sessions) if (usedAt < before && !mcp.isBusy()) await this.#close(id);
  }

  /** @returns whether one was closed */
  async #closeOldest(sessions: readonly [string, Session][]): Promise<boolean> {
    const [oldest] = sessions.filter(([, {mcp}]) => !mcp.isBusy()).toSorted(([, a], [, b]) => a.usedAt - b.usedAt);
    if (!oldest) return false;
    await this.#close(oldest[0]);
    return true;
  }

  async #close(id: string): Promise<void> {
    const session = this.#sessions.get(id);
    this.#sessions.delete(id);
    await session?.mcp.server.close();
  }
}
