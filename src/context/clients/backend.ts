import {type Backend, PoeError} from '../../core/errors.js';
import type {ChatLocations} from '../../core/client.js';
import type {Profile} from '../../store/profiles.js';
import {defaultApiUrl, defaultSiteUrl} from '../../store/caches/poe-urls.js';
import {isSameDeployment, trimmed} from './credentials.js';
import type {GlobalOptions} from '../global-options.js';
import type {Invocation} from '../invocation.js';
import type {Io} from '../io.js';

/** Where a session or key comes from. The first of these has precedence. */
const origins = ['option', 'environment', 'profile'] as const;
type Origin = (typeof origins)[number];

/** Where the profile's session and key come from; undefined if it has none. */
type BackendSources = Record<Backend, Origin | undefined>;

/** Which backends a command may use, and which one it uses by default. */
export class BackendChoice {
  readonly #invocation: Invocation;
  #sources: Promise<BackendSources> | undefined;
  readonly #logged = new Set<Backend>();

  constructor(invocation: Invocation) {
    this.#invocation = invocation;
  }

  /**
   * The backend for operations that both support: the one set with `--via`, or else the one whose credentials have
   * precedence.
   * @throws PoeError `usage` for a wrong POE_VIA
   */
  async preferred(): Promise<Backend> {
    const {via, sandbox, pB, apiKey} = this.#invocation.options;
    if (via || sandbox) return via ?? 'web';
    const sources = await this.#find();
    const {settings, io} = this.#invocation;
    const isNamed = pB !== undefined || apiKey !== undefined;
    const wanted = isNamed ? undefined : (backendOfEnvironment(io.env) ?? settings.get('via'));
    return wanted && sources[wanted] ? wanted : defaultBackend(sources);
  }

  /** Whether the profile has this backend, and `--via` allows it. */
  async has(backend: Backend): Promise<boolean> {
    const {via = backend, sandbox = false} = this.#invocation.options;
    return via === backend && (sandbox || (await this.#find())[backend] !== undefined);
  }

  /** The chats that a list includes. Without any credentials those on poe.com, so that the missing login is reported. */
  async chatLocations(): Promise<ChatLocations> {
    const {via} = this.#invocation.options;
    const poe = (await this.has('web')) || (via !== 'api' && !(await this.has('api')));
    return {poe, local: via !== 'web'};
  }

  /** Logs, once, that a backend is used. */
  async log(backend: Backend): Promise<void> {
    if (this.#logged.has(backend)) return;
    this.#logged.add(backend);
    const {options, output} = this.#invocation;
    const source = options.sandbox ? undefined : (await this.#find())[backend];
    const name = backend === 'web' ? 'browser session' : 'API key';
    output.log({what: 'backend', status: source === undefined ? name : `${name} (${source})`});
  }

  #find(): Promise<BackendSources> {
    const {options, io} = this.#invocation;
    this.#sources ??= Promise.all([
      this.#invocation.savedProfile(),
      this.#invocation.siteUrl(),
      this.#invocation.apiUrl(),
    ]).then(([saved, site, api]) => findBackends(options, io.env, saved, {site, api}));
    return this.#sources;
  }
}

function findBackends(
  {pB, apiKey}: GlobalOptions,
  {POE_P_B, POE_API_KEY}: Io['env'],
  saved: Profile,
  urls: {site: string; api: string},
): BackendSources {
  const hasTokens = saved.tokens !== undefined && isSameDeployment(saved.site ?? defaultSiteUrl, urls.site);
  const hasKey = saved.apiKey !== undefined && isSameDeployment(saved.apiSite ?? defaultApiUrl, urls.api);
  const sources = {
    web: originOf(pB !== undefined, POE_P_B, hasTokens),
    api: originOf(apiKey !== undefined, POE_API_KEY, hasKey),
  };
  if (sources.web || sources.api) return sources;
  // Credentials for another site cannot be used. They count here, so that the error can say why.
  return {
    web: originOf(false, undefined, saved.tokens !== undefined),
    api: originOf(false, undefined, saved.apiKey !== undefined),
  };
}

function originOf(isOption: boolean, variable: string | undefined, isSaved: boolean): Origin | undefined {
  if (isOption) return 'option';
  if (trimmed(variable)) return 'environment';
  return isSaved ? 'profile' : undefined;
}

/** The backend whose credentials have precedence; the key if both come from the same place, since it is officially supported. */
function defaultBackend({web, api}: BackendSources): Backend {
  if (api === undefined) return 'web';
  return web === undefined || origins.indexOf(api) <= origins.indexOf(web) ? 'api' : 'web';
}

/** @throws PoeError `usage` */
function backendOfEnvironment({POE_VIA: via}: Io['env']): Backend | undefined {
  if (!via) return undefined;
  if (via === 'web' || via === 'api') return via;
  throw new PoeError('usage', `Invalid value ${JSON.stringify(via)} for POE_VIA`, {hint: 'Allowed values: web, api.'});
}
