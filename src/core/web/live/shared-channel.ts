import type {Connection} from '../../client.js';
import {interruption} from '../../errors.js';
import {SingleFlight} from '../../http/single-flight.js';
import type {GraphqlClient} from '../session/graphql-client.js';
import {Channel} from './channel.js';

/** The live channel of a client: opened on first use, shared by all replies, and opened again after it was lost. */
export class SharedChannel {
  readonly #graphql: GraphqlClient;
  readonly #opening = new SingleFlight<Channel>();
  readonly #watchers = new Set<(connection: Connection) => void>();
  /** The channel, also while it is being opened. */
  #newest: Channel | undefined;
  #open: Channel | undefined;

  constructor(graphql: GraphqlClient) {
    this.#graphql = graphql;
  }

  /** @throws PoeError */
  async open(signal?: AbortSignal): Promise<Channel> {
    if (this.#open?.isLost) this.close();
    return this.#open ?? this.#opening.join((shared) => this.#openNew(shared), signal);
  }

  /** @returns a function that removes the watcher */
  watch(watcher: (connection: Connection) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  close(): void {
    this.#newest?.close();
    this.#newest = undefined;
    this.#open = undefined;
    this.#opening.forget();
  }

  async #openNew(signal: AbortSignal): Promise<Channel> {
    const report = (connection: Connection) => {
      for (const watcher of this.#watchers) watcher(connection);
    };
    const channel = new Channel(this.#graphql, report);
    this.#newest = channel;
    try {
      await channel.open({signal});
    } catch (error) {
      channel.close();
      throw error;
    }
    if (this.#newest !== channel) throw interruption(signal);
    report('open');
    this.#open = channel;
    return channel;
  }
}
