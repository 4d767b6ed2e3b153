import {lastCodeBlock} from '../../output/markdown/code-block.js';
import {copyToClipboard} from '../screen/clipboard.js';
import {showNotice} from '../state/transitions.js';
import type {ChatSession} from './chat-session.js';

/** Copies the last reply, or its last code block. */
export async function copyReply(
  {deps, store}: Pick<ChatSession, 'deps' | 'store'>,
  what: 'reply' | 'code',
): Promise<void> {
  const {lastReply} = store.getSnapshot();
  const text = what === 'code' ? await lastCodeBlock(lastReply) : lastReply;
  if (!text) return store.apply(showNotice('Nothing to copy yet'));
  copyToClipboard(text, deps.terminal.stdout);
  store.apply(showNotice('Copied to the clipboard'));
}
