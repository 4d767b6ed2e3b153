import {lastCodeBlock} from '../../output/markdown/code-block.js';
import {copyToClipboard} from '../screen/clipboard.js';
import {showNotice} from '../state/transitions.js';
import type {ChatSession} from './chat-session.js';

/** Copies the last reply, or its last code block. */
export function copyReply({deps, store}: Pick<ChatSession, 'deps' | 'store'>, what: 'reply' | 'code'): void {
  const {lastReply} = store.getSnapshot();
  const text = what === 'code' ? lastCodeBlock(lastReply) : lastReply;
  if (!text) return store.apply(showNotice('Nothing to copy yet'));
  copyToClipboard(text, deps.terminal.stdout);
  store.apply(showNotice('Copied to the clipboard'));
}
