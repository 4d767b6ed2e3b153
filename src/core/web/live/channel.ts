import type {Connection} from '../../client.js';
import {type ErrorCode, PoeError} from '../../errors.js';
import {collectGarbage} from '../../http/collect-garbage.js';
import {belongsToSite, parseUrl} from '../../http/url.js';
import {pause} from '../../http/retry.js';
import type {CallOptions} from '../../options.js';
import type {SiteFacts} from '../protocol/facts.js';
import type {VariablesOf} from '../protocol/operations.js';
import type {GraphqlClient} from '../session/graphql-client.js';
import {randomHost} from '../session/site-connection.js';
import type {ChannelData} from '../site/channel-data.js';
import type {ChannelEvent, Frame} from './frame.js';
import {FrameReader} from './frame-reader.js';
import {ReplayFilter} from './replay-filter.js';
import {requestChannel} from './request-channel.js';
import type {Socket} from './socket.js';

/** Attempts to reconnect before giving up. An event resets the count. */
const maxReconnects = 5;
const reconnectTimeoutMs = 10_000;
/** The pause before the first attempt; it doubles with each further one. */
const firstPauseMs = 250;
/** The most channels that are requested within `replacementsMs` if Poe closes each one. */
const maxReplacements = 5;
const replacementsMs = 60_000;

/** Errors that a second attempt to open a channel may avoid. */
const transient: ReadonlySet<ErrorCode> = new Set(['network', 'unavailable', 'refused']);

interface ConnectionOptions {
  /** The beginning of the host's name. */
  host: string;
  timeoutMs: number;
  signal: AbortSignal;
}

interface SocketPlace {
  host: string;
  /** The last event that was received. */
  position: string;
  site: URL;
}

export interface ChannelListener {
  event(event: ChannelEvent): void;
  /** Events may have been missed. */
  gap(): void;
  /** The connection is lost and will not be restored. */
  lost(error: PoeError): void;
}

/**
 * The live channel, which delivers the events in the account's chats. After a disconnect it reconnects to the same channel at the
 * last position, or else opens a new one.
 */
export class Channel {
  readonly #graphql: GraphqlClient;
  readonly #onConnection: (connection: Connection) => void;
  readonly #listeners = new Set<ChannelListener>();
  readonly #life = new AbortController();
  #data: ChannelData | undefined;
  #socket: Socket | undefined;
  #replay = new ReplayFilter('');
  readonly #frames = new FrameReader();
  #reconnects = 0;
  /** When new channels were requested, in milliseconds of `performance.now()`. */
  #replacements: number[] = [];
  #isReplacing = false;
  #isLost = false;

  /** @param onConnection called when the connection is interrupted, restored or lost */
  constructor(graphql: GraphqlClient, onConnection: (connection: Connection) => void = () => {}) {
    this.#graphql = graphql;
    this.#onConnection = onConnection;
  }

  /** Resolves when events are received. @throws PoeError */
  async open({signal}: CallOptions = {}): Promise<void> {
    await this.#openNew(signal ? AbortSignal.any([signal, this.#life.signal]) : this.#life.signal);
  }

  /** Whether the connection is lost and will not be restored. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** @returns a function that removes the listener */
  listen(listener: ChannelListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Closes the connection. Remaining listeners get `lost` with the code `interrupted`. */
  close(): void {
    this.#life.abort();
    this.#socket?.close();
    const error = new PoeError('interrupted', 'The connection was closed');
    for (const listener of this.#listeners) listener.lost(error);
    this.#listeners.clear();
  }

  /** Opens a new channel, in two attempts. Opening one has no effect on Poe, so it can be repeated. */
  async #openNew(signal: AbortSignal): Promise<void> {
    try {
      await this.#tryOpenNew(signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof PoeError) || !transient.has(error.code)) throw error;
      await pause(firstPauseMs, signal);
      await this.#tryOpenNew(signal);
    }
  }

  async #tryOpenNew(signal: AbortSignal): Promise<void> {
    const {session} = this.#graphql;
    const requested = requestChannel(session, signal);
    // Load the module and connect while Poe responds. Their callers handle the error.
    loadSocket().catch(() => {});
    const host = session.connection.channelHost();
    this.#data = await requested;
    this.#replay = new ReplayFilter(this.#data.minSeq);
    this.#graphql.channel = this.#data.channel;
    // A channel buffers events from its start, so subscribing and connecting can run at the same time.
    const subscribed = this.#graphql.call('subscribe', subscriptionVariables, {signal});
    const connected = this.#connect(this.#data, {host, timeoutMs: session.http.timeoutMs, signal});
    await Promise.all([subscribed, connected]).catch(async (error: unknown) => {
      await connected.then(
        () => this.#dropSocket(),
        () => {},
      );
      throw error;
    });
  }

  async #connect(data: ChannelData, {host, timeoutMs, signal}: ConnectionOptions): Promise<void> {
    const {http} = this.#graphql.session;
    const {facts} = await this.#graphql.session.credentials(signal);
    const url = socketUrl(data, {host, position: this.#replay.position, site: http.site});
    if (facts.namesOperations) url.searchParams.set('generation', '1');
    const {openSocket} = await loadSocket();
    this.#replay.connect();
    const socket = await openSocket(url, {
      origin: http.site.origin,
      userAgent: http.userAgent,
      timeoutMs,
      signal,
      sendsTextPings: facts.namesOperations,
      onFrame: (text) => this.#receive(text),
      onClose: () => {
        if (this.#socket === socket) void this.#reconnect();
      },
    });
    this.#socket = socket;
    http.log({what: 'socket', status: 'open'});
    if (this.#life.signal.aborted) socket.close();
    else if (!socket.isOpen) void this.#reconnect();
  }

  #receive(text: string): void {
    const {length} = text;
    const read = this.#frames.read(text);
    // The text of a very long frame can be freed when the functions that were called with it have returned.
    queueMicrotask(() => {
      collectGarbage(length);
      this.#handle(read());
    });
  }

  #handle(frame: Frame | undefined): void {
    if (!frame || frame.malformed > 0) {
      this.#graphql.session.http.log({what: 'socket', status: 'malformed frame ignored'});
    }
    if (!frame || !this.#replay.accepts(frame.position)) return;
    // Frames without events do not count: a server that greets and closes would be called forever.
    if (frame.events.length > 0) this.#reconnects = 0;
    for (const event of frame.events) {
      for (const listener of this.#listeners) listener.event(event);
    }
    if (frame.isDead) void this.#replace();
  }

  /** Connects to the same channel again; to a new one if Poe refuses that. */
  async #reconnect(): Promise<void> {
    const {http} = this.#graphql.session;
    const {signal} = this.#life;
    this.#socket = undefined;
    const data = this.#data;
    if (signal.aborted || !data) return;
    http.log({what: 'socket', status: 'lost'});
    this.#onConnection('reconnecting');
    this.#replay.disconnect();
    while (!signal.aborted) {
      if (++this.#reconnects > maxReconnects) return this.#giveUp(undefined);
      try {
        // Random, so that clients that were disconnected at the same time do not come back at the same time.
        await pause(firstPauseMs * 2 ** (this.#reconnects - 1) * (0.75 + Math.random() / 2), signal);
        const timeoutMs = Math.min(http.timeoutMs, reconnectTimeoutMs);
        await this.#connect(data, {host: randomHost(), timeoutMs, signal});
        return this.#reportGap();
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof PoeError && error.code === 'refused') return this.#replace();
        if (this.#reconnects >= maxReconnects) return this.#giveUp(error);
      }
    }
  }

  /** Opens a new channel in place of one that is dead or has dropped events. */
  async #replace(): Promise<void> {
    if (this.#isReplacing) return;
    this.#isReplacing = true;
    this.#onConnection('reconnecting');
    this.#dropSocket();
    const now = performance.now();
    this.#replacements = [...this.#replacements.filter((time) => now - time < replacementsMs), now];
    const count = this.#replacements.length;
    if (count > maxReplacements) return this.#giveUp(undefined);
    try {
      if (count > 1) await pause(firstPauseMs * 2 ** count, this.#life.signal);
      // Discard the channel in the home page: it is as old as the page.
      await this.#graphql.session.takeChannelData(this.#life.signal);
      await this.#openNew(this.#life.signal);
      this.#reportGap();
    } catch (error) {
      this.#giveUp(error);
    } finally {
      this.#isReplacing = false;
    }
  }

  #dropSocket(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #reportGap(): void {
    this.#onConnection('open');
    for (const listener of this.#listeners) listener.gap();
  }

  #giveUp(cause: unknown): void {
    if (this.#life.signal.aborted) return;
    this.#isLost = true;
    this.#onConnection('lost');
    const reason = cause instanceof PoeError ? ` (${cause.message})` : '';
    const message = `The live connection to Poe was lost and could not be restored${reason}`;
    const error = new PoeError('network', message, {cause});
    for (const listener of this.#listeners) listener.lost(error);
  }
}

const loadSocket = () => import('./socket.js');

const subscriptionVariables = ({subscriptions}: SiteFacts): VariablesOf<'subscribe'> => ({
  subscriptions: subscriptions.map(({name, hash}) => ({subscriptionName: name, query: null, queryHash: hash})),
});

/** The URL contains the secret of the channel, so its host must belong to the site. @throws PoeError `not_understood` */
function socketUrl(data: ChannelData, {host: name, position, site}: SocketPlace): URL {
  const scheme = site.protocol === 'http:' ? 'ws' : 'wss';
  const host = `${name}.${data.baseHost}`;
  const url = parseUrl(`${scheme}://${host}/up/${data.boxName}/updates`);
  if (!url || !belongsToSite(host, site)) {
    const message = `Poe's live connection is on an unknown host: ${JSON.stringify(data.baseHost)}`;
    throw new PoeError('not_understood', message, {hint: 'poe connects only to hosts that belong to Poe.'});
  }
  url.searchParams.set('min_seq', position);
  url.searchParams.set('channel', data.channel);
  url.searchParams.set('hash', data.channelHash);
  return url;
}
