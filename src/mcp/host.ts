import type {Chat} from '../core/model.js';
import type {Client} from '../core/client.js';
import type {Backend, PoeError} from '../core/errors.js';
import type {ChatRef} from '../core/names/chat-ref.js';
import type {SendOptions} from '../core/options.js';
import type {Budget} from '../core/spending/ledger.js';
import type {TemplateFolder} from '../context/templates/template-folder.js';
import type {Archive} from '../store/archive/archive.js';

/** Poe and the user's data, as far as an MCP client may use them. A command's context is one. */
export interface McpHost {
  readonly client: Pick<Client, 'send' | 'compare' | 'bots' | 'chats' | 'account'> & {
    /** What the client may spend. */
    budget: Pick<Budget, 'get'>;
    /** The backend for a message with these options. @throws PoeError for an option that it does not have */
    backendFor(options: SendOptions): Promise<Backend>;
  };
  /** Resolves a chat's code, number or URL. @throws PoeError `usage`, `chat_not_found` */
  chat(name: string): Promise<ChatRef | Chat>;
  /** The options of a message, completed by the user's settings. */
  withSettings<Options extends SendOptions>(options: Options): Promise<Options>;
  /** Saves a file of a reply. @returns its size in bytes. @throws PoeError */
  saveFile(url: string, path: string, options: {mayReplace: boolean; signal: AbortSignal}): Promise<number>;
  /** @throws PoeError `store` */
  openArchive(): Promise<Archive>;
  templates(): Promise<TemplateFolder>;
  /** Converts any error to one that can be shown. */
  toError(error: unknown): PoeError;
}

/** What the user allows an MCP client to do. */
export interface McpLimits {
  /** Whether the client may use a bot. Default: it may use all. */
  mayUse?: (bot: string) => boolean;
  /** Ask the user before a message that costs more points than this, or whose price is not known. */
  askAbove: number | 'never';
  /** The folders whose files may be sent. */
  fileFolders: readonly string[];
  /** Folders with credentials, whose files are never sent. */
  privateFolders: readonly string[];
  /** The folder for files that bots make. */
  outputFolder: string;
  /** Whether the client may read and search the archive. */
  hasArchive: boolean;
}
