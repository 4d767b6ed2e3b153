import type {Models} from '../../core/api/models.js';
import type {ModelBot} from '../../core/model-bot.js';
import type {CallOptions} from '../../core/options.js';

const maxAgeMs = 3_600_000;

/** The bots that Poe's API lists, by handle. They are read once an hour, and a request waits for it only the first time. */
export class BotIndex {
  readonly #models: Pick<Models, 'all'>;
  #bots: ReadonlyMap<string, ModelBot> | undefined;
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(models: Pick<Models, 'all'>) {
    this.#models = models;
  }

  /** @throws PoeError if the list cannot be read */
  async all({signal}: CallOptions): Promise<readonly ModelBot[]> {
    if (!this.#bots) this.#set(await this.#models.all({signal}));
    else this.#refresh();
    return [...(this.#bots ?? new Map<string, ModelBot>()).values()];
  }

  /** @param name Poe's handle, or Anthropic's ID. Undefined if it is not listed, or the list cannot be read */
  async find(name: string, options: CallOptions): Promise<ModelBot | undefined> {
    // A bot can be asked without its entry.
    if (!this.#bots) await this.all(options).catch(() => undefined);
    else this.#refresh();
    return this.#bots?.get(name.toLowerCase()) ?? this.#bots?.get(poeName(name.toLowerCase()));
  }

  /** The bots that are known serve until the new list has arrived, and also if it does not. */
  #refresh(): void {
    if (performance.now() - this.#readAt < maxAgeMs) return;
    this.#readAt = performance.now();
    void this.#models.all({isFresh: true}).then(
      (bots) => this.#set(bots),
      () => {},
    );
  }

  #set(bots: readonly ModelBot[]): void {
    this.#bots = new Map(bots.map((bot) => [bot.handle.toLowerCase(), bot]));
    this.#readAt = performance.now();
  }
}

/** `claude-sonnet-4-6-20260217` → `claude-sonnet-4.6`: Poe accepts both (2026). */
const poeName = (name: string): string => name.replace(/-\d{8}$/, '').replace(/-(\d+)-(\d+)$/, '-$1.$2');
