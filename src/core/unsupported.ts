import {type Backend, PoeError, type Remedy} from './errors.js';

/**
 * The errors of operations that only poe.com has.
 * @param chat the code of the local chat that the operation was requested for, if it was for one
 */
export const webOnly = {
  cancel: (chat?: string) => unsupported('Cancelling a reply', 'web', {chat, instead: 'interrupt'}),
  share: (chat?: string) => unsupported('Sharing messages', 'web', {chat, instead: 'export_chat'}),
  previews: (chat?: string) => unsupported('Linking to the apps in a reply', 'web', {chat}),
  contextOptimization: (chat?: string) => unsupported('Context optimization', 'web', {chat, instead: 'clear_context'}),
  importChat: () => unsupported('Importing a shared chat', 'web'),
  categories: () => unsupported('Listing bots by category', 'web'),
  users: () => unsupported('Looking up and following people', 'web'),
  pointLimit: () => unsupported('Setting the point limit', 'web'),
};

/**
 * The error of an operation that the backend in use does not have.
 * @param operation begins the message, such as `Sharing messages`
 * @param chat the code of the local chat that the operation was requested for, if it was for one
 * @param instead what else can be done with a local chat
 */
export function unsupported(
  operation: string,
  needs: Backend,
  {chat, instead = 'start_web_chat'}: {chat?: string | undefined; instead?: Remedy} = {},
): PoeError {
  const login = needs === 'web' ? 'a browser session' : 'an API key';
  return chat === undefined
    ? new PoeError('not_logged_in', `${operation} requires ${login}`, {remedy: 'log_in', needs})
    : new PoeError('not_logged_in', `${operation} requires a chat on poe.com, and this one is stored on this machine`, {
        remedy: instead,
        needs,
        chat,
      });
}

/** A list that fails when its first item is requested. */
// oxlint-disable-next-line require-yield
export async function* failingList(error: PoeError): AsyncGenerator<never, void, undefined> {
  throw error;
}
