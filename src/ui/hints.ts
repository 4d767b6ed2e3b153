import type {ErrorFacts, PoeError, Remedy} from '../core/errors.js';
import {sanitizeLine} from '../output/terminal/sanitize.js';
import {wrapLine} from '../output/terminal/rows/wrap.js';
import type {LineOptions} from './text/opening.js';
import type {Style} from './theme.js';

/** Each remedy as a slash command or a key of the chat. They never name a command or an option of the shell. */
const remedies: Record<Remedy, (facts: ErrorFacts) => string> = {
  list_chats: () => 'List your chats with /history.',
  choose_bot: () => 'To choose another bot, type /bot.',
  wait_for_points: () => 'To see when, type /settings. To choose another bot, type /bot.',
  name_bot: () => 'Choose a bot with /bot.',
  name_chat: () => 'Name its chat.',
  find_bot: () => 'Search for bots with /explore <query>.',
  find_user: () => 'Search for people with /explore --user <name>.',
  list_categories: () => 'List them with /categories.',
  list_templates: () => 'List your templates with /template list.',
  list_messages: () => 'List the messages of this chat with /history show --ids.',
  check_history: () => 'Check /history or poe.com before you send it again.',
  check_usage: () => 'Before you send it again, check your charges with /usage --since 1h.',
  send_message: () => 'Send a message first.',
  raise_max_points: () => 'Choose a cheaper bot with /bot.',
  limit_reply: () => 'Choose a cheaper bot with /bot.',
  raise_budget: () => 'See it with /budget. Raise it with /budget set <points>/day.',
  attach: ({needs, chat}) =>
    `${needs ? 'Log in again in another terminal. Then see' : 'See'} what has arrived with ${chat === undefined ? '/chat last' : '/attach'}.`,
  retry_batch: () => 'Send them again.',
  retry_reply: () => 'Regenerate it with /retry.',
  raise_timeout: () => 'Try again.',
  check_proxy: () => 'Check the proxy settings, then start the chat again.',
  trust_certificate: () => 'If a proxy inspects TLS, make Node.js trust its CA certificate, then start the chat again.',
  check_files: () => 'Check the attached files.',
  send_inline: () => 'Send the files inside the message, with the OpenAI protocol.',
  name_upload_url: () => 'Send the files inside the message, with the OpenAI protocol.',
  upload_files: () => 'Upload the files before the message, with the native protocol.',
  show_parameters: () => 'To see which parameters the bot accepts, type /param.',
  enter_key: () => 'You can also create a key at https://poe.com/api/keys and log in with it in another terminal.',
  check_client_id: () => 'Check the client ID, then start the chat again.',
  list_local_chats: () => 'To list them, type /history --via api.',
  choose_folder: () => 'Make the folder writable, or start the chat again with another one.',
  list_bots: () => 'To list the bots, type /explore.',
  show_points: () => 'To see your balance, type /settings.',
  log_in: ({needs}) =>
    `Log in${methods[needs ?? 'either']} in another terminal, then press Enter here, or type /retry.`,
  choose_chat: () => 'Send a message to start one, or continue one with /chat <chat>. To list them, type /history.',
  fill_sandbox: () => 'Send a message first.',
  start_web_chat: () =>
    'Chats on poe.com require a browser session. Log in with one in another terminal, then start the chat again.',
  start_api_chat: () => 'Start a new chat with /new.',
  enter_form_key: () =>
    'Start the chat again with the form key of your browser: the Poe-Formkey header of a gql_POST request.',
  drop_form_key: () => 'Start the chat again without a form key: poe finds it automatically.',
  check_site: () => 'See what has changed with /doctor. A newer version of poe may be available.',
  refresh_site: () => 'poe updates it when Poe rejects the stored value. To update it now, type /doctor --fix.',
  fix_proxy: ({host = 'this host'}) =>
    `Correct the proxy settings, or exclude ${host} from the proxy, then start the chat again.`,
  log_in_to_proxy: ({host = 'this host'}) =>
    `Add a user name and a password to the proxy settings, or exclude ${host} from the proxy, then start the chat again.`,
  export_chat: () => 'To share it, export it with /export.',
  clear_context: () => 'To send less of it, clear its context with /clear-context.',
  forget_chat: () => 'Or let the bot forget the chat so far with /clear-context.',
  remove_point_limit: () => 'To send it without a point limit, remove the limit with /config.',
  choose_config_folder: () => 'Make the folder of the settings writable, or start the chat again with another one.',
  show_reply: () => 'To see the whole reply, type /history show.',
  edit_settings: () => 'Correct the file, then start the chat again.',
  change_settings: () => 'Change them with /config set <name> <value>.',
  interrupt: () => 'Press Esc while the reply arrives.',
  // Commands for own bots are not offered in the chat.
  list_own_bots: () => 'Leave the chat to list your own bots.',
  resolve_conflict: () => 'Leave the chat to change the bot.',
  create_bot_folder: () => 'Leave the chat to create a bot.',
  show_help: ({command}) => (command ? `Type /help ${command} for its usage.` : 'Type /help for a list.'),
};

const methods = {web: ' with a browser session', api: ' with an API key', either: ' again'};

/** The names of all remedies. */
export const remedyNames = Object.keys(remedies) as Remedy[];

/** The next step to show under an error in the chat. */
export function chatHint({hint, facts}: Pick<PoeError, 'hint' | 'facts'>): string | undefined {
  const remedy = facts.remedy && remedies[facts.remedy](facts);
  const localChats = facts.hasLocalChats && 'The chats on this machine are listed with /history --via api.';
  const sentences = [hint, remedy, localChats].filter((each) => typeof each === 'string' && each !== '');
  return sentences.length === 0 ? undefined : joinSentences(sentences.map(String));
}

/** Joins sentences; each but the last gets a full stop if it has no mark at its end. */
const joinSentences = (sentences: readonly string[]): string =>
  sentences.map((each, index) => (index < sentences.length - 1 ? each + endOf(each) : each)).join(' ');

const endOf = (sentence: string): string => (/[.?!…:]$/.test(sentence) ? '' : '.');

/** An error as the chat prints it: what failed, and the next step below it. */
export function errorLines(
  error: Pick<PoeError, 'code' | 'message' | 'hint' | 'facts'>,
  {columns, theme}: LineOptions,
): string {
  const rows = (text: string, style: Style) =>
    wrapLine(sanitizeLine(text), Math.min(columns - 1, maxColumns)).map((row) => `${style(row.trimStart())}\n`);
  const hint = chatHint(error);
  const nextStep = hint === undefined ? [] : rows(hint, theme.dim);
  if (error.code === 'interrupted') return `${[...rows(error.message, theme.dim), ...nextStep].join('')}\n`;
  return `${[...rows(error.message, theme.error), ...nextStep].join('')}\n`;
}

/** Longer lines are hard to read. */
const maxColumns = 100;
