import {lastCodeBlock} from '../../../output/markdown/code-block.js';
import {copyToClipboard} from '../../screen/clipboard.js';
import {showNotice} from '../../state/transitions.js';
import type {ChatSession} from '../chat-session.js';

/** Copies the source of the last reply, or its last code block, and says what was done. */
export async function copyReply(
  {deps, store}: Pick<ChatSession, 'deps' | 'store'>,
  what: 'reply' | 'code',
): Promise<void> {
  const {lastReply} = store.getSnapshot();
  const text = what === 'code' ? await lastCodeBlock(lastReply) : lastReply;
  if (!text)
    return store.apply(showNotice(lastReply && what === 'code' ? 'The reply has no code block' : 'No reply yet'));
  const {env, signal, terminal} = deps;
  store.apply(showNotice(await copyToClipboard(text, {env, signal, stdout: terminal.stdout})));
}
