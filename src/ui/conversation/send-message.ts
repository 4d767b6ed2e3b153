import type {Reply} from '../../core/reply.js';
import {type Attachment, lookUpMentions, type Unsendable} from '../attachments/attachment.js';
import {chipRows, refusal} from '../attachments/chips.js';
import {literalText} from '../attachments/mention.js';
import type {PromptText} from '../prompt/prompt-text.js';
import {set} from '../state/transitions.js';
import type {Chat} from '../../core/model.js';
import type {Recipient} from '../chat-deps.js';
import type {EditedQuestion} from '../state/chat-state.js';
import {editNote} from './commands/edit-question.js';
import {type ChatSession, nameOf, widthOf} from './chat-session.js';
import {openStart, type Start} from './commands/open-chat.js';
import {noteLines, questionLines} from '../text/transcript-lines.js';
import {systemFor} from './commands/system.js';

interface SendOptions {
  start: Start;
  signal: AbortSignal;
}

/**
 * Prints a message and sends it with its files.
 * @returns undefined if the user decides not to send it
 * @throws PoeError if it was not accepted
 */
export async function sendMessage(
  session: ChatSession,
  message: PromptText,
  {start, signal}: SendOptions,
): Promise<Reply | undefined> {
  const {deps, store} = session;
  const {files: mentioned, unsendable} = lookUpMentions(message);
  if (unsendable.length > 0 && !(await confirmAsText(session, unsendable))) return undefined;
  const text = literalText(message);
  // The message must not go to another bot than the named one. If its look-up failed at the start, it is repeated.
  if (!store.getSnapshot().bot) await openStart(session, start);
  const {bot, chat, parameters, files: attached, edited, systemSentTo} = store.getSnapshot();
  const files = [...attached, ...mentioned];
  printMessage(session, text, files, edited && editNote(edited));
  const sources = [...new Set(files.map(({source}) => source))];
  const system = await systemFor(session, edited && !edited.isLocal ? undefined : chat);
  const reply = await deps.send(text, {
    bot: bot?.handle,
    files: sources,
    parameters,
    signal,
    system,
    ...placeOf(chat, edited),
  });
  const hasSystem = system !== undefined || (edited?.isLocal && nameOf(edited.chat) === systemSentTo);
  store.apply(
    set({
      files: [],
      edited: undefined,
      shellOutput: undefined,
      lastSent: {text, files: sources},
      systemSentTo: hasSystem ? nameOf(reply.chat.toJSON()) : systemSentTo,
    }),
  );
  for await (const lines of session.images?.ofFiles(sources, signal) ?? []) store.print(`${lines}\n`);
  return reply;
}

/** The chat of a message. An edited question starts a new one: in place of the earlier one, or without it. */
function placeOf(chat: Chat | undefined, edited: EditedQuestion | undefined): Pick<Recipient, 'chat' | 'branchAt'> {
  if (!edited) return {chat};
  return edited.isLocal ? {chat: edited.chat, branchAt: edited.messageId} : {chat: undefined};
}

function printMessage({deps, store, theme}: ChatSession, text: string, files: readonly Attachment[], note = ''): void {
  const columns = widthOf({deps});
  // A dumb terminal shows what was typed.
  const lines = deps.isDumb
    ? chipRows(files, columns - 1)
        .map((row) => `${row}\n`)
        .join('')
    : questionLines(text, files, {columns, theme});
  const below = note === '' ? '' : noteLines(note, {columns, theme});
  store.print(`${lines}${below}\n`);
}

/** Asks whether paths that cannot be attached are to be sent as text. */
async function confirmAsText({ask}: ChatSession, unsendable: readonly Unsendable[]): Promise<boolean> {
  const reasons = unsendable.map((each) => `@${refusal(each)}.`);
  const what = unsendable.length === 1 ? 'it' : 'them';
  const answer = await ask(`${reasons.join(' ')} Send ${what} as text? (y/N)`);
  return /^\s*y(?:es)?\s*$/i.test(answer ?? '');
}
