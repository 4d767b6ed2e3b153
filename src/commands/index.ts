import type {Command} from 'commander';
import type {Context} from '../context.js';
import {attach} from './attach.js';
import {botInfo} from './bot-info.js';
import {cancel} from './cancel.js';
import {categories} from './categories.js';
import {chat} from './chat.js';
import {clearContext} from './clear-context.js';
import {completion} from './completion.js';
import {contextOptimization} from './context-optimization.js';
import {cost} from './cost.js';
import {deleteChat} from './delete-chat.js';
import {deleteMessages} from './delete-messages.js';
import {doctor} from './doctor.js';
import {explore} from './explore.js';
import {follow, unfollow} from './follow.js';
import {history} from './history.js';
import {importChat} from './import.js';
import {login} from './login.js';
import {logout} from './logout.js';
import {previews} from './previews.js';
import {purge} from './purge.js';
import {retry} from './retry.js';
import {sandbox} from './sandbox.js';
import {save} from './save.js';
import {send} from './send.js';
import {settings} from './settings.js';
import {share} from './share.js';
import {title} from './title.js';
import {usage} from './usage.js';
import {userInfo} from './user-info.js';
import {whoami} from './whoami.js';

type Make = (context: Context) => Command;

/** The subcommands by what they are about, in the order of the help page, and how each is made. */
export const commands: Readonly<Record<string, Readonly<Record<string, Make>>>> = {
  'Messages:': {
    send,
    chat,
    retry,
    attach,
    cancel,
    share,
    save,
    cost,
    previews,
    'delete-messages': deleteMessages,
  },
  'Chats:': {
    history,
    title,
    'clear-context': clearContext,
    'context-optimization': contextOptimization,
    import: importChat,
    'delete-chat': deleteChat,
    purge,
  },
  'Bots and people:': {explore, categories, 'bot-info': botInfo, 'user-info': userInfo, follow, unfollow},
  'Account:': {login, logout, whoami, settings, usage},
  'Tools:': {doctor, completion, sandbox},
};
