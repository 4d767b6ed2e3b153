import type {ErrorFacts, PoeError, Remedy} from '../core/errors.js';

/** What each remedy is at the shell: a command or an option. */
const remedies: Record<Remedy, (facts: ErrorFacts) => string> = {
  choose_bot: () => 'Choose another bot with -b.',
  attach: ({chat = 'last'}) => `Get the rest with: poe attach ${chat}`,
  retry_reply: ({chat = 'last'}) => `Ask again with: poe retry ${chat}`,
  raise_timeout: () => 'Try again, or allow more time with --timeout <seconds>.',
  log_in: ({needs}) => logIn[needs ?? 'either'],
  start_web_chat: () => 'Chats on poe.com require a browser session: poe login, then poe send --via web',
  export_chat: ({chat = 'last'}) => `To share it, export it: poe history export ${chat} --format html`,
  clear_context: ({chat = 'last'}) => `To send less of it, clear its context: poe clear-context ${chat}`,
  remove_point_limit: () => 'Leave out --max-points.',
  interrupt: () => 'Press Ctrl-C where the reply arrives.',
};

const logIn = {
  web: 'Log in with: poe login',
  api: 'Create a key at https://poe.com/api/keys, then run: poe login --api-key',
  either:
    'Log in with: poe login, or with an API key: poe login --api-key. To try poe without an account, add --sandbox.',
};

/** The next step to show under an error at the shell. */
export function shellHint({hint, facts}: PoeError): string | undefined {
  const remedy = facts.remedy && remedies[facts.remedy](facts);
  return [hint, remedy].filter(Boolean).join(' ') || undefined;
}
