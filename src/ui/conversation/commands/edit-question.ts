import {isUserMessage} from '../../../core/message.js';
import type {Message} from '../../../core/model.js';
import {fixed} from '../../menu/source.js';
import {plain} from '../../prompt/prompt-text.js';
import {setText} from '../../prompt/prompt-state.js';
import type {EditedQuestion} from '../../state/chat-state.js';
import {showNotice} from '../../state/transitions.js';
import {type ChatSession, nameOf} from '../chat-session.js';

/** Has the user choose an earlier question of the chat, and puts it into the prompt to be edited. @throws PoeError */
export async function editQuestion(session: ChatSession): Promise<void> {
  const {deps, store} = session;
  const {chat, system} = store.getSnapshot();
  if (!chat) return store.apply(showNotice('No chat yet. Send a message first.'));
  const {messages} = await deps.chat(nameOf(chat), 'all');
  const questions = messages.filter(isUserMessage).toReversed();
  const entries = questions.map(({messageId, text}) => ({value: String(messageId), label: text, detail: ''}));
  const chosen = await session.pick({title: 'Edit an earlier question', source: fixed(entries, {isOrdered: true})});
  const question = questions.find(({messageId}) => String(messageId) === chosen);
  if (!question) return;
  const isLocal = await deps.isLocal(chat);
  const text = isLocal ? question.text : withoutSystem(question, system);
  const edited: EditedQuestion = {chat, messageId: question.messageId, isLocal};
  store.apply((state) => ({...state, edited, prompt: setText(state.prompt, plain(text))}));
  const what = isLocal ? 'Enter continues from here in a copy of the chat' : 'Enter asks this in a new chat';
  store.apply(showNotice(`${what}. Esc keeps the chat as it is.`));
}

/** What to say about the chat that an edited question starts. */
export const editNote = ({chat, isLocal}: EditedQuestion): string =>
  isLocal
    ? `A copy of the chat up to here.\nThe whole chat: /chat ${nameOf(chat)}`
    : `A new chat, because poe.com cannot branch one.\nThe earlier chat: /chat ${nameOf(chat)}`;

/** On poe.com, instructions precede the first question. They are sent again with it. */
function withoutSystem({text}: Message, system: string | undefined): string {
  const start = system?.trim();
  return start !== undefined && text.startsWith(start) ? text.slice(start.length).trimStart() : text;
}
