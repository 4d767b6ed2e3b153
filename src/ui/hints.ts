import type {ChalkInstance} from 'chalk';
import {sanitizeLine} from '../output/terminal/sanitize.js';
import type {ErrorFacts, PoeError, Remedy} from '../core/errors.js';

/** What each remedy is in the chat: a slash command or a key. */
const remedies: Record<Remedy, (facts: ErrorFacts) => string> = {
  choose_bot: () => 'To choose another bot, type /bot.',
  name_bot: () => 'Choose a bot with /bot.',
  find_user: () => 'Search for people with: /explore --user <name>',
  list_categories: () => 'List them with: /categories',
  list_messages: () => 'List the messages of this chat with: /history show --json',
  check_history: () => 'Check /history or poe.com before you send it again.',
  send_message: () => 'Send a message first.',
  raise_max_points: () => 'Use a higher --max-points, or choose a cheaper bot with /bot.',
  attach: ({needs}) =>
    needs === undefined
      ? 'Get the rest with: /attach'
      : 'Log in again in another terminal with: poe login. Then get the rest with: /attach',
  retry_reply: () => 'Ask again with: /retry',
  raise_timeout: () => 'Try again, or restart the chat with a longer --timeout.',
  check_proxy: () => 'Check HTTPS_PROXY.',
  trust_certificate: () => 'If a proxy inspects TLS, set NODE_EXTRA_CA_CERTS to its CA certificate.',
  check_files: () => 'Check the attached files.',
  send_inline: () => 'To send files inside the message, restart the chat with: --protocol openai',
  upload_files: () => 'To upload files before the message, restart the chat without --protocol openai.',
  show_parameters: ({bot = '<bot>'}) => `To see which parameters the bot accepts: /bot-info ${bot}`,
  list_bots: () => 'To list the bots: /explore',
  show_points: () => 'To see your balance: /settings',
  log_in: ({needs}) =>
    `Log in in another terminal with: poe login${needs === 'api' ? ' --api-key' : ''}. Then press Enter here, or type /retry.`,
  start_web_chat: () => 'Chats on poe.com require a browser session: poe login, then poe chat --via web',
  enter_form_key: () =>
    'Restart the chat with POE_FORMKEY set to the Poe-Formkey header of a gql_POST request in your browser.',
  drop_form_key: () => 'Restart the chat without --formkey and POE_FORMKEY, or run poe login in another terminal.',
  check_site: () => 'See what has changed with: /doctor. A newer version of poe may be available.',
  refresh_site: () => 'poe updates it when Poe rejects the stored value. To update it now: /doctor --fix',
  fix_proxy: ({host = '<host>'}) => `Restart the chat with a correct HTTPS_PROXY, or with NO_PROXY=${host}.`,
  log_in_to_proxy: () => 'Restart the chat with HTTPS_PROXY=http://<user>:<password>@<host>:<port>.',
  export_chat: () => 'To share it, export it with: /export',
  clear_context: () => 'To send less of the chat, clear its context: /clear-context',
  remove_point_limit: () => 'To send it anyway, omit --max-points.',
  choose_config_folder: () => 'Restart poe with POE_CONFIG_DIR set to a folder that you can write to.',
  interrupt: () => 'Press Esc while the reply arrives.',
};

/** The next step to show under an error in the chat. */
function chatHint({hint, facts}: Pick<PoeError, 'hint' | 'facts'>): string | undefined {
  const remedy = facts.remedy && remedies[facts.remedy](facts);
  return [hint, remedy].filter(Boolean).join(' ') || undefined;
}

/** An error as the chat prints it. */
export function errorLine(paint: ChalkInstance, error: PoeError): string {
  const hint = chatHint(error);
  const shown = hint === undefined ? '' : ` ${paint.dim(sanitizeLine(hint))}`;
  return `${paint.red(sanitizeLine(error.message))}.${shown}\n\n`;
}
