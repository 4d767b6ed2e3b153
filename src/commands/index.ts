import type {Command} from 'commander';
import type {Context} from '../context/context.js';
import {archive} from './archive/archive.js';
import {search} from './archive/search.js';
import {sync} from './archive/sync.js';
import {attach} from './messages/attach.js';
import {batch} from './messages/batch.js';
import {bot} from './own-bots/bot.js';
import {botInfo} from './bots/bot-info.js';
import {budget} from './account/budget.js';
import {cancel} from './messages/cancel.js';
import {categories} from './bots/categories.js';
import {chat} from './messages/chat.js';
import {clearContext} from './chats/clear-context.js';
import {compare} from './messages/compare.js';
import {completion} from './tools/completion.js';
import {config} from './tools/config.js';
import {contextOptimization} from './chats/context-optimization.js';
import {cost} from './messages/cost.js';
import {deleteChat} from './chats/delete-chat.js';
import {deleteMessages} from './messages/delete-messages.js';
import {doctor} from './tools/doctor.js';
import {explore} from './bots/explore.js';
import {follow, unfollow} from './bots/follow.js';
import {history} from './chats/history.js';
import {importChat} from './chats/import.js';
import {jobs} from './messages/jobs.js';
import {login} from './account/login.js';
import {logout} from './account/logout.js';
import {mcp} from './mcp/mcp.js';
import {open} from './messages/open.js';
import {previews} from './messages/previews.js';
import {purge} from './chats/purge.js';
import {retry} from './messages/retry.js';
import {sandbox} from './tools/sandbox.js';
import {save} from './messages/save.js';
import {serve} from './serve/serve.js';
import {send} from './messages/send.js';
import {settings} from './account/settings.js';
import {share} from './messages/share.js';
import {template} from './templates/template.js';
import {title} from './chats/title.js';
import {usage} from './account/usage.js';
import {userInfo} from './bots/user-info.js';
import {whoami} from './account/whoami.js';

type CreateCommand = (context: Context) => Command;

/** The subcommands by group, in the order of `poe help all`, with the function that creates each. */
export const commands: Readonly<Record<string, Readonly<Record<string, CreateCommand>>>> = {
  Messages: {
    send,
    chat,
    retry,
    compare,
    batch,
    attach,
    jobs,
    cancel,
    share,
    save,
    open,
    cost,
    previews,
    'delete-messages': deleteMessages,
  },
  Chats: {
    history,
    title,
    'clear-context': clearContext,
    'context-optimization': contextOptimization,
    import: importChat,
    'delete-chat': deleteChat,
    purge,
  },
  Archive: {sync, search, archive},
  'Bots and users': {explore, categories, 'bot-info': botInfo, bot, 'user-info': userInfo, follow, unfollow},
  Account: {login, logout, whoami, settings, usage, budget},
  Tools: {template, config, doctor, completion, serve, mcp, sandbox},
};
