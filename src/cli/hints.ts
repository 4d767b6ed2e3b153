import type {ErrorFacts, PoeError, Remedy} from '../core/errors.js';

/** The next step for each remedy at the shell: a command or an option. */
const remedies: Record<Remedy, (facts: ErrorFacts) => string> = {
  list_chats: () => 'List your chats with: poe history',
  choose_bot: () => 'To choose another bot, use -b.',
  wait_for_points: () => 'To see when: poe settings. To choose another bot, use -b.',
  name_bot: () => 'Name a bot with -b.',
  name_chat: () => 'Name its chat with -c, for example: -c last',
  find_bot: () => 'Search for bots with: poe explore <query>',
  find_user: () => 'Search for people with: poe explore --user <name>',
  list_categories: () => 'List them with: poe categories',
  list_templates: () => 'List your templates with: poe template list',
  list_messages: ({chat = '<chat>'}) => `List the messages of a chat with: poe history show --ids ${chat}`,
  check_history: () => 'Check poe history or poe.com before you send it again.',
  check_usage: () => 'Before you send it again, check your charges with: poe usage --since 1h',
  send_message: ({chat = 'last'}) => `Send it a message with: poe send -c ${chat}`,
  raise_max_points: () => 'Raise --max-points, or choose a cheaper bot with -b.',
  limit_reply: () => 'Limit the reply with --max-tokens, raise --max-points, or choose a cheaper bot with -b.',
  raise_budget: () => 'See it with: poe budget. Raise it with: poe budget set <points>/day',
  retry_batch: () => 'To send them again, run the same command with --retry-failed.',
  attach: ({chat = 'last', needs}) =>
    `${needs === undefined ? 'Get' : 'Log in again with: poe login. Then get'} the rest with: poe attach ${chat}`,
  retry_reply: ({chat = 'last'}) => `Regenerate it with: poe retry ${chat}`,
  raise_timeout: () => 'Try again, or allow more time with --timeout <seconds>.',
  check_proxy: () => 'Check HTTPS_PROXY.',
  trust_certificate: () => 'If a proxy inspects TLS, set NODE_EXTRA_CA_CERTS to its CA certificate.',
  check_files: () => 'Check the files passed with -f.',
  send_inline: () => 'To send files inside the message: --protocol openai',
  name_upload_url: () => 'Set POE_UPLOAD_URL, or send the files inside the message: --protocol openai',
  upload_files: () => 'To upload files before the message, omit --protocol openai.',
  show_parameters: ({bot = '<bot>', needs = 'api'}) =>
    `To see which parameters the bot accepts: poe bot-info ${bot} --params --via ${needs}`,
  enter_key: () =>
    'You can also create a key at https://poe.com/api/keys and pass it in POE_API_KEY or on standard input.',
  check_client_id: () => 'Check the client id in POE_CLIENT_ID.',
  list_local_chats: () => 'To list them: poe history --via api',
  choose_folder: () => 'To use another folder, set POE_CONFIG_DIR.',
  list_bots: () => 'To list the bots: poe explore --via api',
  show_points: () => 'To see your balance: poe settings --via api',
  log_in: ({needs}) => logIn[needs ?? 'either'],
  choose_chat: () => 'Start one with: poe "…". Or give a chat ID, code or URL; list them with: poe history',
  fill_sandbox: () => 'Each command with --sandbox starts without chats. To keep them, run: poe sandbox',
  start_web_chat: () => 'Chats on poe.com require a browser session: poe login, then poe send --via web',
  start_api_chat: () => 'Start one with: poe send --via api',
  enter_form_key: () =>
    'Set POE_FORMKEY to the Poe-Formkey header of a gql_POST request, as shown by the developer tools of your browser.',
  drop_form_key: () =>
    'Omit --formkey and POE_FORMKEY, or log in again without a form key: poe finds it automatically.',
  check_site: () => 'See what has changed with: poe doctor. A newer version of poe may be available.',
  refresh_site: () => 'poe updates it when Poe rejects the stored value. To update it now: poe doctor --fix',
  fix_proxy: ({host = '<host>'}) => `Correct HTTPS_PROXY, or bypass the proxy with: NO_PROXY=${host}`,
  log_in_to_proxy: ({host = '<host>'}) =>
    `Put the user name and the password into HTTPS_PROXY (<user>:<password>@<host>), or bypass the proxy with: NO_PROXY=${host}`,
  export_chat: ({chat = 'last'}) =>
    `${webChats} To share this one, export it: poe history export ${chat} --format html`,
  clear_context: ({chat = 'last'}) => `${webChats} To send less of this one, run: poe clear-context ${chat}`,
  forget_chat: ({chat = 'last'}) => `Or let the bot forget the chat so far: poe clear-context ${chat}`,
  remove_point_limit: () =>
    'To send it anyway, omit --max-points, or remove that setting with: poe config unset max-points',
  choose_config_folder: () => 'Set POE_CONFIG_DIR to a folder that you can write to.',
  show_reply: ({chat = 'last'}) => `Print the whole reply with: poe attach ${chat}`,
  edit_settings: () => 'To correct it: poe config edit',
  change_settings: () => 'Change them with: poe config set <name> <value>',
  interrupt: () => `${webChats} To stop this reply, press Ctrl+C where it arrives.`,
  list_own_bots: () => 'List your bots with: poe bot list',
  resolve_conflict: ({bot = '<handle>'}) =>
    `To overwrite these changes: poe bot push --force. To get them: poe bot pull ${bot} <new folder>`,
  create_bot_folder: () => 'To create one: poe bot init <folder>. To copy a bot of yours: poe bot pull <handle>',
  show_help: ({command}) => `Show usage with: ${['poe', command].filter(Boolean).join(' ')} --help`,
};

const webChats = 'Chats on poe.com require a browser session (poe login).';

const logIn = {
  web: 'Log in with: poe login',
  api: 'Create a key at https://poe.com/api/keys, then run: poe login --api-key',
  either:
    'Log in with: poe login, or with an API key: poe login --api-key. To try poe without an account, add --sandbox.',
};

/** The next step to show under an error at the shell. */
export function shellHint({hint, facts}: Pick<PoeError, 'hint' | 'facts'>): string | undefined {
  const remedy = facts.remedy && remedies[facts.remedy](facts);
  const localChats = facts.hasLocalChats && 'The chats on this machine are listed with --via api.';
  // A remedy may end with a command.
  return [hint, localChats, remedy].filter(Boolean).join(' ') || undefined;
}
