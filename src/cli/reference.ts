import type {Row} from './help.js';

/* What applies to all commands, for `poe help options` and the manual page. */

export const environment: readonly Row[] = [
  ['POE_API_KEY', 'API key'],
  ['POE_P_B, POE_P_LAT', 'Cookies p-b and p-lat of a browser session'],
  ['POE_FORMKEY', 'Form key of a browser session (default: detected)'],
  ['POE_CF_CLEARANCE, POE_CF_BM', 'Cloudflare cookies of a browser session'],
  ['POE_USER_AGENT', 'User agent of the browser the Cloudflare cookies belong to'],
  ['POE_VIA', 'Backend to use if both are available: web or api'],
  ['POE_PROFILE', 'Profile to use (default: "default")'],
  ['POE_CONFIG_DIR', 'Folder for credentials, settings and local chats'],
  ['POE_CLIENT_ID', 'Client ID from https://poe.com/api/clients, to sign in through the browser'],
  ['POE_BASE_URL', 'Site to use instead of https://poe.com'],
  ['POE_API_URL', 'API to use instead of https://api.poe.com'],
  ['POE_UPLOAD_URL', 'Upload URL for files sent with an API key'],
  ['POE_PAGER, PAGER', 'Pager for long output (empty: no pager)'],
  ['POE_NOTIFY', 'Set to 1 to use --notify in every chat'],
  ['NO_COLOR, FORCE_COLOR', 'Disable or force color'],
  ['CLICOLOR, CLICOLOR_FORCE', 'Disable color (CLICOLOR=0) or force it'],
  ['HTTPS_PROXY, NO_PROXY', 'Proxy URL, and hosts to reach without it'],
];

export const exitStatuses: readonly Row[] = [
  ['0', 'Success'],
  ['1', 'Poe refused the request or sent an unexpected response'],
  ['2', 'Wrong usage'],
  ['3', 'Bot, user, chat or message not found'],
  ['4', 'Not logged in, or the credentials have expired'],
  ['5', 'Not enough points, or a rate or size limit was reached'],
  ['6', 'Poe could not be reached or did not respond before it accepted the message'],
  ['7', 'The message was or may have been accepted, but its reply is incomplete or missing'],
  ['130', 'Interrupted'],
];

export const files: readonly Row[] = [
  ['~/.config/poe/config.json', 'Credentials, readable only by you'],
  ['~/.config/poe/settings.json', 'Settings, which poe config changes'],
  ['~/.config/poe/chats', 'Chats made with an API key, one file per chat'],
  ['~/.config/poe/cache.json', 'Names of bots, chats and categories for shell completion'],
];
