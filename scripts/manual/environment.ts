import type {Surroundings} from './man.js';

/** What poe(1) tells besides the commands. */
export const surroundings: Surroundings = {
  environment: [
    {term: 'POE_P_B, POE_P_LAT', description: "The cookies p-b and p-lat of a browser's session."},
    {term: 'POE_FORMKEY', description: 'The form key; left out, it is found. POE_FROMKEY is taken too.'},
    {
      term: 'POE_CF_CLEARANCE, POE_CF_BM, POE_USER_AGENT',
      description: "Cloudflare's cookies and the user agent they belong to.",
    },
    {
      term: 'POE_API_KEY',
      description: "A key of Poe's official API. Where there are both, it does what the cookies' session can do, too.",
    },
    {term: 'POE_VIA', description: 'web or api: which of the two goes first all the same.'},
    {term: 'POE_CLIENT_ID', description: 'A client of https://poe.com/api/clients, to sign in with Poe.'},
    {term: 'POE_PROFILE', description: 'The name of the account, where there are several.'},
    {term: 'POE_CONFIG_DIR', description: 'The folder that tokens and settings are kept in.'},
    {term: 'POE_BASE_URL', description: 'Another site than https://poe.com, such as that of poe sandbox.'},
    {term: 'POE_API_URL', description: 'Another API than https://api.poe.com.'},
    {
      term: 'POE_UPLOAD_URL',
      description: 'Where files go with an API key, instead of to Poe at https://www.quora.com.',
    },
    {term: 'POE_PAGER, PAGER', description: 'What long lists are shown with; empty for nothing.'},
    {term: 'NO_COLOR, FORCE_COLOR', description: 'No colours, or colours everywhere.'},
    {term: 'HTTPS_PROXY, NO_PROXY', description: 'The proxy, and the hosts that are reached without it.'},
  ],
  exitCodes: [
    {term: '0', description: 'Done.'},
    {term: '1', description: 'Poe refused, or answered in a way that is not understood.'},
    {term: '2', description: 'Wrong usage.'},
    {term: '3', description: 'There is no such bot, user, chat or message.'},
    {term: '4', description: 'Not logged in, or the tokens are no longer good.'},
    {term: '5', description: 'Out of points, or a rate or size limit.'},
    {term: '6', description: 'Poe could not be reached, or fell silent, before the message was accepted.'},
    {
      term: '7',
      description:
        'The message was accepted, but its reply could not be followed to the end; poe attach gets the rest, or with an API key poe retry asks again.',
    },
    {term: '130', description: 'Interrupted.'},
  ],
  files: [
    {
      term: '~/.config/poe/config.json',
      description: 'Tokens and settings, which only you can read. Other systems have other folders for it.',
    },
    {term: '~/.config/poe/chats', description: 'The chats of API keys, a file each, by profile.'},
    {term: '~/.config/poe/cache.json', description: 'What was seen of Poe, for completion.'},
  ],
};
