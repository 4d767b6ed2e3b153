import {accountAnswers} from './account.js';
import type {Answers} from './answer.js';
import {botAnswers} from './bots.js';
import {chatAnswers} from './chats.js';
import {messageAnswers} from './messages.js';

/** What the site answers to each operation. */
export const answers: Answers = {...messageAnswers, ...chatAnswers, ...botAnswers, ...accountAnswers};
