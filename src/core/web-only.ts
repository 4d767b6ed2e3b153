import {unsupported} from './errors.js';

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
