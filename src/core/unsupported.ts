import {type Backend, PoeError, type Remedy} from './errors.js';

/**
 * The errors of operations that only poe.com has.
 * @param chat the code of the local chat that the operation was requested for, if it was for one
 */
export const webOnly = {
  cancel: (chat?: string) => unsupported('Cancelling a reply', 'web', {chat, instead: 'interrupt'}),
  share: (chat?: string) => unsupported('Sharing messages', 'web', {chat, instead: 'export_chat'}),
  citations: () => unsupported('Listing the sources of a reply', 'web'),
  previews: (chat?: string) => unsupported('Linking to the apps in a reply', 'web', {chat}),
  contextOptimization: (chat?: string) => unsupported('Context optimization', 'web', {chat, instead: 'clear_context'}),
  importChat: () => unsupported('Importing a shared chat', 'web'),
  categories: () => unsupported('Listing bots by category', 'web'),
  knowledge: () => unsupported('Giving knowledge to bots', 'web'),
  baseBots: () => unsupported('Listing base bots', 'web'),
  renaming: () => unsupported('Renaming a bot', 'web'),
  botsOfSite: () => unsupported('A bot without an endpoint of your own', 'web'),
  users: () => unsupported('Looking up and following people', 'web'),
  pointLimit: () => unsupported('Setting the point limit', 'web'),
};

/** The errors of operations that poe.com does not have. @param chat the code or number of the chat on poe.com */
export const apiOnly = {
  endpoint: () => unsupported('A bot with an endpoint of your own', 'api'),
  branch: (chat: string) => unsupported('Branching a chat', 'api', {chat}),
};

/**
 * The error of an operation that the backend in use does not have.
 * @param operation begins the message, such as `Sharing messages`
 * @param chat the chat of the other backend that the operation was requested for, if it was for one
 * @param instead what else can be done with this chat
 */
export function unsupported(
  operation: string,
  needs: Backend,
  {chat, instead}: {chat?: string | undefined; instead?: Remedy} = {},
): PoeError {
  if (chat === undefined) {
    return new PoeError('not_logged_in', `${operation} requires ${logins[needs]}`, {remedy: 'log_in', needs});
  }
  const remedy = instead ?? (needs === 'web' ? 'start_web_chat' : 'start_api_chat');
  return new PoeError('not_logged_in', `${operation} requires ${chats[needs]}`, {remedy, needs, chat});
}

const logins = {web: 'a browser session', api: 'an API key'};
const chats = {
  web: 'a chat on poe.com, and this one is stored on this machine',
  api: 'a chat with an API key, and this one is on poe.com',
};

/** A list that fails when its first item is requested. */
// oxlint-disable-next-line require-yield
export async function* failingList(error: PoeError): AsyncGenerator<never, void, undefined> {
  throw error;
}
