import type {Command} from 'commander';
import type {Context} from '../context/context.js';

/** Loads the function that creates a command. */
type LoadCommand = () => Promise<(context: Context) => Command>;

/** The subcommands by group, in the order of `poe help all`. A command line loads only the one that it runs. */
export const commands: Readonly<Record<string, Readonly<Record<string, LoadCommand>>>> = {
  Messages: {
    send: async () => (await import('./messages/send.js')).send,
    chat: async () => (await import('./messages/chat.js')).chat,
    retry: async () => (await import('./messages/retry.js')).retry,
    compare: async () => (await import('./messages/compare.js')).compare,
    batch: async () => (await import('./messages/batch.js')).batch,
    attach: async () => (await import('./messages/attach.js')).attach,
    jobs: async () => (await import('./messages/jobs.js')).jobs,
    cancel: async () => (await import('./messages/cancel.js')).cancel,
    share: async () => (await import('./messages/share.js')).share,
    save: async () => (await import('./messages/save.js')).save,
    open: async () => (await import('./messages/open.js')).open,
    cost: async () => (await import('./messages/cost.js')).cost,
    previews: async () => (await import('./messages/previews.js')).previews,
    'delete-messages': async () => (await import('./messages/delete-messages.js')).deleteMessages,
  },
  Chats: {
    history: async () => (await import('./chats/history.js')).history,
    title: async () => (await import('./chats/title.js')).title,
    'clear-context': async () => (await import('./chats/clear-context.js')).clearContext,
    'context-optimization': async () => (await import('./chats/context-optimization.js')).contextOptimization,
    import: async () => (await import('./chats/import.js')).importChat,
    'delete-chat': async () => (await import('./chats/delete-chat.js')).deleteChat,
    purge: async () => (await import('./chats/purge.js')).purge,
  },
  Archive: {
    sync: async () => (await import('./archive/sync.js')).sync,
    search: async () => (await import('./archive/search.js')).search,
    archive: async () => (await import('./archive/archive.js')).archive,
  },
  'Bots and users': {
    explore: async () => (await import('./bots/explore.js')).explore,
    categories: async () => (await import('./bots/categories.js')).categories,
    'bot-info': async () => (await import('./bots/bot-info.js')).botInfo,
    bot: async () => (await import('./own-bots/bot.js')).bot,
    'user-info': async () => (await import('./bots/user-info.js')).userInfo,
    follow: async () => (await import('./bots/follow.js')).follow,
    unfollow: async () => (await import('./bots/follow.js')).unfollow,
  },
  Account: {
    login: async () => (await import('./account/login.js')).login,
    logout: async () => (await import('./account/logout.js')).logout,
    whoami: async () => (await import('./account/whoami.js')).whoami,
    settings: async () => (await import('./account/settings.js')).settings,
    usage: async () => (await import('./account/usage.js')).usage,
    budget: async () => (await import('./account/budget.js')).budget,
  },
  Tools: {
    template: async () => (await import('./templates/template.js')).template,
    config: async () => (await import('./tools/config.js')).config,
    doctor: async () => (await import('./tools/doctor.js')).doctor,
    completion: async () => (await import('./tools/completion.js')).completion,
    serve: async () => (await import('./serve/serve.js')).serve,
    mcp: async () => (await import('./mcp/mcp.js')).mcp,
    sandbox: async () => (await import('./tools/sandbox.js')).sandbox,
  },
};
