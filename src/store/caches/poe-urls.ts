type Env = Readonly<Record<string, string | undefined>>;

export const defaultSiteUrl = 'https://poe.com';
export const defaultApiUrl = 'https://api.poe.com';

/** Whether POE_BASE_URL names Poe's API, as other programs for Poe use the variable. */
export const isBaseUrlOfApi = ({POE_BASE_URL = ''}: Env): boolean =>
  URL.canParse(POE_BASE_URL) && new URL(POE_BASE_URL).hostname === 'api.poe.com';

/** The site that the environment sets. */
export const siteUrlOf = (env: Env): string => (!isBaseUrlOfApi(env) && env.POE_BASE_URL) || defaultSiteUrl;

/** The API that the environment sets. */
export const apiUrlOf = (env: Env): string =>
  env.POE_API_URL || (isBaseUrlOfApi(env) && env.POE_BASE_URL) || defaultApiUrl;
