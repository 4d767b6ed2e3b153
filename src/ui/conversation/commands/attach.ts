import {lookUp} from '../../attachments/attachment.js';
import {refusal} from '../../attachments/chips.js';
import {spellings} from '../../attachments/mention.js';
import {splitWords} from '../../slash-commands/parse.js';
import {attachFile, showNotice, showProblem} from '../../state/transitions.js';
import type {ChatSession} from '../chat-session.js';

/** Attaches a file or a URL to the next message. @param path as it was typed, perhaps in quotes or with backslashes */
export function attach({store}: Pick<ChatSession, 'store'>, path: string): void {
  const found = lookUp([path, splitWords(path).join(' '), ...spellings(path)]);
  if ('problem' in found) return store.apply(showProblem(refusal({path, problem: found.problem})));
  store.apply(attachFile(found));
  store.apply(showNotice(`Attached to the next message: ${found.source}`));
}
