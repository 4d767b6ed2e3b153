import {accountAnswers} from './answers/account.js';
import type {Answers} from './answers/answer.js';
import {botAnswers} from './answers/bots.js';
import {chatAnswers} from './answers/chats.js';
import {messageAnswers} from './answers/messages.js';

/** What the site answers to each operation. */
export const answers: Answers = {...messageAnswers, ...chatAnswers, ...botAnswers, ...accountAnswers};
