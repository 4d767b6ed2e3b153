import type {ArchiveStore} from '../../core/archive/archive-store.js';
import type {ChatLocations, Client, LocalChatStore} from '../../core/client.js';
import type {Backend} from '../../core/errors.js';
import type {CallOptions} from '../../core/options.js';
import type {Ledger} from '../../core/spending/ledger.js';

/** What a client is opened for. */
export interface ClientUse {
  /** It sends a message, or waits for a reply. */
  opensChannel?: boolean;
}

/** The backends of a CombinedClient. Nothing is opened before it is needed. */
export interface Backends {
  /** The backend for operations that both support. */
  preferred(): Promise<Backend>;
  /** Whether this backend may be used. */
  has(backend: Backend): Promise<boolean>;
  /** Which chats lists include. */
  chatLocations(): Promise<ChatLocations>;
  /** @throws PoeError `not_logged_in` */
  web(use?: ClientUse): Promise<Client>;
  /** poe.com without a login, for diagnosing only. */
  anonymousWeb(): Promise<Client>;
  /** @throws PoeError `not_logged_in` */
  api(): Promise<Client>;
  /** Needs no key. */
  localChats(): Promise<LocalChatStore>;
  ledger(): Promise<Ledger>;
  archive(): Promise<ArchiveStore>;
  /** Whether Poe is simulated on this machine. */
  isOnThisMachine(): Promise<boolean>;
  /** Whether Poe, or a chat on this machine, has a file. */
  isOnPoe(url: string): Promise<boolean>;
  saveFile(url: string, path: string, options: CallOptions): Promise<number>;
  /** Called before an expensive message is sent; missing if nobody sees a note. */
  onExpensive: ((points: number) => Promise<void>) | undefined;
}
