import type {SaveOptions} from '../core/files/receive/save-file.js';
import type {ApiProfile} from './clients/api-profile.js';
import type {Invocation} from './invocation.js';

/** The files of replies: on Poe, or in chats on this machine. */
export class ReplyFiles {
  readonly #invocation: Invocation;
  readonly #apiProfile: ApiProfile;

  constructor(invocation: Invocation, apiProfile: ApiProfile) {
    this.#invocation = invocation;
    this.#apiProfile = apiProfile;
  }

  /** Downloads a file without cookies, or copies one that a chat stores. @returns its size in bytes. @throws PoeError */
  async save(url: string, path: string, options: {mayReplace: boolean; signal?: AbortSignal}): Promise<number> {
    const {saveFile} = await import('../core/files/receive/save-file.js');
    return saveFile(url, path, {...options, ...(await this.#accessTo(url))});
  }

  /** Whether a file needs the API key, or is in its chat on this machine: other programs cannot open its URL. */
  async isPrivate(url: string): Promise<boolean> {
    return !/^https?:/i.test(url) || this.#needsKey(url);
  }

  /** Whether Poe, or a chat on this machine, has a file. */
  async isOnPoe(url: string): Promise<boolean> {
    const {isHostedByPoe, isStoredFile} = await import('../core/files/receive/hosted-by-poe.js');
    return isStoredFile(url) || isHostedByPoe(url, await this.#homes());
  }

  async isPoeOnThisMachine(): Promise<boolean> {
    const {isLoopback, parseUrl} = await import('../core/http/url.js');
    return isLoopback(parseUrl(await this.#invocation.siteUrl())?.hostname ?? '');
  }

  /** Writes a file to stdout once it is complete. @throws PoeError */
  async print(url: string, stdout: NodeJS.WritableStream, signal: AbortSignal): Promise<void> {
    const {TemporaryFolder} = await import('../core/files/temporary-folder.js');
    const [{createReadStream}, {pipeline}] = await Promise.all([import('node:fs'), import('node:stream/promises')]);
    const folder = new TemporaryFolder();
    try {
      const path = await folder.newPath();
      await this.save(url, path, {mayReplace: false, signal});
      await pipeline(createReadStream(path), stdout, {end: false, signal});
    } finally {
      await folder.remove();
    }
  }

  /** Downloads an image without cookies. @returns undefined if Poe does not serve it. @throws PoeError */
  async fetchImage(url: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const {fetchImage} = await import('../core/files/receive/fetch-image.js');
    return fetchImage(url, {signal, ...(await this.#accessTo(url))});
  }

  async #homes(): Promise<string[]> {
    return [await this.#invocation.siteUrl(), await this.#invocation.apiUrl()];
  }

  async #needsKey(url: string): Promise<boolean> {
    const {isContentPath} = await import('../core/api/protocols/media-paths.js');
    if (!URL.canParse(url) || !isContentPath(new URL(url).pathname)) return false;
    return new URL(url).origin === new URL(await this.#invocation.apiUrl()).origin;
  }

  /** How the content of a URL is read. */
  async #accessTo(url: string): Promise<Omit<SaveOptions, 'mayReplace' | 'signal'>> {
    const needsKey = /\/v1\/videos\//.test(url) && (await this.#needsKey(url));
    const api = needsKey ? await this.#apiProfile.client() : undefined;
    return {
      ...this.#invocation.exchange,
      homes: await this.#homes(),
      authorize: api?.messages.authorize,
      readStored: async (stored) => (await this.#apiProfile.chats()).readFile(stored),
    };
  }
}
