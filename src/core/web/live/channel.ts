import {randomInt} from 'node:crypto';
import type {Connection} from '../../connection.js';
import {type ErrorCode, interruption, PoeError} from '../../errors.js';
import {belongsToSite, parseUrl} from '../../http/address.js';
import {type ChannelEvent, readFrame} from './frame.js';
import {requestChannel} from './request-channel.js';
import type {ChannelData} from '../site/channel-data.js';
import type {SiteFacts} from '../protocol/facts.js';
import type {VariablesOf} from '../protocol/operations.js';
import type {Socket} from './socket.js';
import type {CallOptions} from '../../options.js';
import type {GraphqlClient} from '../session/graphql-client.js';

/** Tries to get a lost connection back, one after another without a frame between, before it is given up. */
const mostRetries = 5;
const firstPauseMs = 250;
/** How long one of these tries may take. */
const retryTimeoutMs = 10_000;
/** A server that keeps calling its channels dead gets this many new ones within `renewalsMs`. */
const mostRenewals = 5;
const renewalsMs = 60_000;

/** How a channel may fail that can be had a moment later. */
const mayPass = new Set<ErrorCode>(['network', 'unavailable', 'refused']);

export interface ChannelListener {
  event(event: ChannelEvent): void;
  /** Events may be missing from before this moment: ask Poe what became of what was awaited. */
  gap(): void;
  /** The connection is gone for good. */
  lost(error: PoeError): void;
}

/**
 * The live channel, on which Poe tells what happens in the account's chats: settings → subscribe → socket. It keeps itself
 * connected: after a cut to the same channel from the last position, else with a new channel.
 */
export class Channel {
  readonly #graphql: GraphqlClient;
  readonly #listeners = new Set<ChannelListener>();
  readonly #life = new AbortController();
  #data: ChannelData | undefined;
  #socket: Socket | undefined;
  #position = '';
  /** Frames up to here were seen before the last cut; a replay brings them again. */
  #seenUpTo = -1;
  /** The position of the last frame of this socket. */
  #last = -1;
  /** Whether positions have only grown so far; those that do not tell nothing. */
  #isOrdered = true;
  #retries = 0;
  /** When new channels were had, by a clock that nobody sets. */
  #renewals: number[] = [];
  #isReplacing = false;
  #isLost = false;

  /** @param tell is told of each change of the connection */
  constructor(
    graphql: GraphqlClient,
    readonly tell: (connection: Connection) => void = () => {},
  ) {
    this.#graphql = graphql;
  }

  /** Comes back when the socket is open: from now on no event is missed. @throws PoeError */
  async open({signal}: CallOptions = {}): Promise<void> {
    await this.#renewed(signal ? AbortSignal.any([signal, this.#life.signal]) : this.#life.signal);
  }

  /** Whether the connection is gone for good; then another channel is needed. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** @returns a function that ends the listening */
  listen(listener: ChannelListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Hangs up. Whoever still listens is told. */
  close(): void {
    this.#life.abort();
    this.#socket?.close();
    const error = new PoeError('interrupted', 'The connection was closed');
    for (const listener of this.#listeners) listener.lost(error);
    this.#listeners.clear();
  }

  /** What fails once may go better a moment later: nothing has been done by then that could be done twice. */
  async #renewed(signal: AbortSignal): Promise<void> {
    try {
      await this.#renew(signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof PoeError) || !mayPass.has(error.code)) throw error;
      await pause(firstPauseMs, signal);
      await this.#renew(signal);
    }
  }

  async #renew(signal: AbortSignal): Promise<void> {
    const {session} = this.#graphql;
    const asked = requestChannel(session, signal);
    // Loaded while Poe answers, so that it costs no time; whoever uses it hears of a failure.
    loadSocket().catch(() => {});
    this.#data = await asked;
    this.#position = this.#data.minSeq;
    this.#seenUpTo = -1;
    this.#isOrdered = true;
    this.#graphql.channel = this.#data.channel;
    // Both at once: a channel keeps what happens on it from the moment it is there, and nothing is sent before both are done.
    const subscribed = this.#graphql.call('subscribe', wanted, {signal});
    const connected = this.#connect(this.#data, session.http.timeoutMs, signal);
    await Promise.all([subscribed, connected]).catch(async (error: unknown) => {
      await connected.then(
        () => this.#dropSocket(),
        () => {},
      );
      throw error;
    });
  }

  async #connect(data: ChannelData, timeoutMs: number, signal?: AbortSignal): Promise<void> {
    const {http} = this.#graphql.session;
    const {facts} = await this.#graphql.session.credentials(signal);
    const url = socketAddress(data, this.#position, http.site);
    if (facts.namesOperations) url.searchParams.set('generation', '1');
    const {openSocket} = await loadSocket();
    this.#last = -1;
    const socket = await openSocket(url, {
      origin: http.site.origin,
      userAgent: http.userAgent,
      timeoutMs,
      signal,
      saysPing: facts.namesOperations,
      onFrame: (text) => this.#take(text),
      onClose: () => {
        if (this.#socket === socket) void this.#recover();
      },
    });
    this.#socket = socket;
    http.log({what: 'socket', status: 'open'});
    if (this.#life.signal.aborted) socket.close();
    else if (!socket.isOpen) void this.#recover();
  }

  #take(text: string): void {
    const frame = readFrame(text);
    if (!frame || frame.malformed > 0) {
      this.#graphql.session.http.log({what: 'socket', status: 'malformed frame ignored'});
    }
    if (!frame) return;
    if (frame.position !== undefined) {
      this.#isOrdered &&= frame.position > this.#last;
      this.#last = frame.position;
      if (this.#isOrdered && frame.position <= this.#seenUpTo) return;
      this.#position = String(frame.position);
    }
    // Chatter shows nothing: a server that greets and hangs up would be called for ever.
    if (frame.events.length > 0) this.#retries = 0;
    for (const event of frame.events) {
      for (const listener of this.#listeners) listener.event(event);
    }
    if (frame.isDead) void this.#replace();
  }

  /** After a cut: the same channel from the last position; if that is refused, a new one. */
  async #recover(): Promise<void> {
    const {http} = this.#graphql.session;
    this.#socket = undefined;
    const data = this.#data;
    if (this.#life.signal.aborted || !data) return;
    http.log({what: 'socket', status: 'lost'});
    this.tell('reconnecting');
    this.#seenUpTo = Number(this.#position);
    while (!this.#life.signal.aborted) {
      if (++this.#retries > mostRetries) return this.#giveUp(undefined);
      try {
        await pause(firstPauseMs * 2 ** (this.#retries - 1) * (0.75 + Math.random() / 2), this.#life.signal);
        await this.#connect(data, Math.min(http.timeoutMs, retryTimeoutMs), this.#life.signal);
        return this.#tellGap();
      } catch (error) {
        if (this.#life.signal.aborted) return;
        if (error instanceof PoeError && error.code === 'refused') return this.#replace();
        if (this.#retries >= mostRetries) return this.#giveUp(error);
      }
    }
  }

  /** The old channel is dead, or its events are no longer kept. */
  async #replace(): Promise<void> {
    if (this.#isReplacing) return;
    this.#isReplacing = true;
    this.tell('reconnecting');
    this.#dropSocket();
    const now = performance.now();
    this.#renewals = [...this.#renewals.filter((then) => now - then < renewalsMs), now];
    const {length: renewals} = this.#renewals;
    if (renewals > mostRenewals) return this.#giveUp(undefined);
    try {
      if (renewals > 1) await pause(firstPauseMs * 2 ** renewals, this.#life.signal);
      // A channel that the page named is as old as the page.
      await this.#graphql.session.takeChannelData(this.#life.signal);
      await this.#renewed(this.#life.signal);
      this.#tellGap();
    } catch (error) {
      this.#giveUp(error);
    } finally {
      this.#isReplacing = false;
    }
  }

  #dropSocket(): void {
    const old = this.#socket;
    this.#socket = undefined;
    old?.close();
  }

  #tellGap(): void {
    this.tell('open');
    for (const listener of this.#listeners) listener.gap();
  }

  #giveUp(cause: unknown): void {
    if (this.#life.signal.aborted) return;
    this.#isLost = true;
    this.tell('lost');
    const why = cause instanceof PoeError ? ` (${cause.message})` : '';
    const error = new PoeError('network', `The live connection to Poe was lost and could not be restored${why}`, {
      cause,
    });
    for (const listener of this.#listeners) listener.lost(error);
  }
}

const loadSocket = () => import('./socket.js');

const wanted = ({subscriptions}: SiteFacts): VariablesOf<'subscribe'> => ({
  subscriptions: subscriptions.map(({name, hash}) => ({subscriptionName: name, query: null, queryHash: hash})),
});

/** The channel's secret goes to this host, so it must be the site's own. @throws PoeError `not_understood` */
function socketAddress(data: ChannelData, position: string, site: URL): URL {
  const scheme = site.protocol === 'http:' ? 'ws' : 'wss';
  const host = `tch${randomInt(1, 1_000_001)}.tch.${data.baseHost}`;
  const url = parseUrl(`${scheme}://${host}/up/${data.boxName}/updates`);
  if (!url || !belongsToSite(host, site)) {
    throw new PoeError(
      'not_understood',
      `Poe's live connection is on an unknown host: ${JSON.stringify(data.baseHost)}`,
      {
        hint: 'poe does not connect to hosts that do not belong to Poe.',
      },
    );
  }
  url.searchParams.set('min_seq', position);
  url.searchParams.set('channel', data.channel);
  url.searchParams.set('hash', data.channelHash);
  return url;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(interruption(signal));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, {once: true});
  });
}
