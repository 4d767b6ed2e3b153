/** The options of every command. */
export interface GlobalOptions {
  json?: boolean;
  quiet?: boolean;
  verbose?: boolean;
  /** False for `--no-color`. */
  color?: boolean;
  images?: 'auto' | 'off';
  profile?: string;
  sandbox?: boolean;
  /** Seconds. */
  timeout?: number;
  pB?: string;
  pLat?: string;
  formkey?: string;
  siteFile?: string;
  /** True if no key follows it. */
  apiKey?: string | true;
  via?: 'web' | 'api';
}
