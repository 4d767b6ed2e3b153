import type {ErrorFacts, PoeError, Remedy} from '../core/errors.js';

/**
 * The next step for each remedy, for a model that calls tools, or for its user. Commands are named only where the user has to do
 * something that no tool does.
 */
const remedies: Record<Remedy, (facts: ErrorFacts) => string> = {
  list_chats: () => 'Use the chat code from an earlier result, or find one with history_search.',
  choose_bot: () => 'Choose another bot; search_bots finds some.',
  wait_for_points: () => 'The points are used up. Choose another bot, or wait; balance shows the points.',
  name_bot: () => 'Name a bot; search_bots finds some.',
  name_chat: () => 'Pass the code of the chat.',
  find_bot: () => 'Find the handle with search_bots.',
  find_user: () => 'Check the name.',
  list_categories: () => 'Search without a category.',
  list_templates: () => 'List the prompts.',
  list_messages: ({chat = '<chat>'}) => `Read the resource poe://chat/${chat}.`,
  check_history: () =>
    'Do not send it again before the user has checked the chats on poe.com: it may have been charged.',
  check_usage: () =>
    'Do not send it again before the user has checked the charges with: poe usage --since 1h. It may have been charged.',
  send_message: () => 'Send a message with ask first.',
  raise_max_points: () => 'Choose a cheaper bot, or pass a higher max_points if the user agrees.',
  limit_reply: () =>
    'Limit the reply with the parameter max_tokens, choose a cheaper bot, or pass a higher max_points if the user agrees.',
  raise_budget: () =>
    'Nothing was sent. Choose a cheaper bot, or tell the user that the budget is too small. It is shown by: poe budget, or poe serve token list',
  retry_batch: () => 'Send the prompts again that failed.',
  attach: ({chat, needs}) =>
    `${needs ? 'The user has to log in again with: poe login. ' : ''}The user can get the rest with: poe attach ${chat ?? 'last'}`,
  retry_reply: ({chat}) => (chat === undefined ? 'Ask again.' : `Ask again, in the chat ${chat}.`),
  raise_timeout: () => 'Try again later.',
  check_proxy: () => 'The user has to check HTTPS_PROXY.',
  trust_certificate: () => 'If a proxy inspects TLS, the user has to set NODE_EXTRA_CA_CERTS to its CA certificate.',
  check_files: () => 'Check the paths in files.',
  send_inline: () => 'Send fewer or smaller files.',
  name_upload_url: () => 'Ask without files, or the user has to set POE_UPLOAD_URL.',
  upload_files: () => 'Send fewer or smaller files.',
  show_parameters: ({bot}) => `bot_info shows which parameters ${bot ?? 'the bot'} accepts.`,
  enter_key: () => 'The user has to log in with: poe login --api-key',
  check_client_id: () => 'The user has to log in with: poe login --api-key',
  list_local_chats: () => 'Use the chat code from an earlier result.',
  choose_folder: () => 'The user has to make the folder of poe writable, or set POE_CONFIG_DIR to another one.',
  list_bots: () => 'Find the handle with search_bots.',
  show_points: () => 'See the points with balance.',
  log_in: ({needs}) => logIn[needs ?? 'either'],
  choose_chat: () => 'Omit chat to start a new one, or pass the chat code from an earlier result.',
  fill_sandbox: () => 'Send a message with ask first.',
  start_web_chat: () => 'This needs a chat on poe.com, and the user has to log in with: poe login',
  start_api_chat: () => 'Omit chat to start a new one.',
  enter_form_key: () => 'The user has to set POE_FORMKEY to the Poe-Formkey header of a request of the browser.',
  drop_form_key: () => 'The user has to remove POE_FORMKEY: poe finds it automatically.',
  check_site: () => 'The user can see what has changed with: poe doctor',
  refresh_site: () => 'The user can update it with: poe doctor --fix',
  fix_proxy: () => 'The user has to correct HTTPS_PROXY.',
  log_in_to_proxy: () => 'The user has to put a user name and a password into HTTPS_PROXY.',
  export_chat: ({chat = 'last'}) => `The user can export it with: poe history export ${chat}`,
  clear_context: () => 'Start a new chat to send less.',
  forget_chat: () => 'Or omit chat to start a new one, which is shorter.',
  remove_point_limit: () => 'Choose a bot with a known price, or omit max_points.',
  choose_config_folder: () => 'The user has to set POE_CONFIG_DIR to a writable folder.',
  show_reply: ({chat = 'last'}) => `The user can see the whole reply with: poe attach ${chat}`,
  edit_settings: () => 'The user has to correct the settings with: poe config edit',
  change_settings: () => 'The user can change them with: poe config set <name> <value>',
  list_own_bots: () => 'The user can list them with: poe bot list',
  resolve_conflict: () => 'The user has to decide, with: poe bot push --force, or: poe bot pull',
  create_bot_folder: () => 'The user can create one with: poe bot init <folder>',
  interrupt: () => 'Cancel the call that waits for the reply.',
  show_help: () => 'Check the arguments of the tool.',
};

const logIn = {
  web: 'The user has to log in with: poe login',
  api: 'The user has to log in with: poe login --api-key',
  either: 'The user has to log in with: poe login --api-key, or with: poe login',
};

/** The next step to show under an error of a tool. */
export function mcpHint({hint, facts}: Pick<PoeError, 'hint' | 'facts'>): string | undefined {
  const remedy = facts.remedy && remedies[facts.remedy](facts);
  return [hint, remedy].filter(Boolean).join(' ') || undefined;
}
