import {ReasoningRows} from '../../../output/reply/reasoning.js';
import {set, showNotice} from '../../state/transitions.js';
import type {Reasoning} from '../../state/chat-state.js';
import {type ChatSession, widthOf} from '../chat-session.js';
import {thoughtLine} from '../../text/transcript-lines.js';

type Session = Pick<ChatSession, 'deps' | 'store' | 'theme'>;

/** Follows the reasoning of a reply. It is folded into one line, unless the user expands it. */
export class Thinking {
  readonly #session: Session;
  #startedAt: number | undefined;

  constructor(session: Session) {
    this.#session = session;
    session.store.apply(set({reasoning: undefined}));
  }

  /** The bot has written more of its reasoning. */
  add(text: string): void {
    const {store} = this.#session;
    this.#startedAt ??= performance.now();
    store.apply((state) => {
      const {reasoning = {text: '', tookMs: undefined, isExpanded: false, isPrinted: false}} = state;
      return {...state, reasoning: {...reasoning, text: reasoning.text + text}};
    });
  }

  /**
   * The bot has started to answer, or will not answer.
   * @returns what to print above the answer; '' if there is no reasoning or it has ended already
   */
  end({isAnswered = true}: {isAnswered?: boolean} = {}): string {
    const {store, theme} = this.#session;
    const {reasoning} = store.getSnapshot();
    if (!reasoning || reasoning.tookMs !== undefined) return '';
    const tookMs = performance.now() - (this.#startedAt ?? performance.now());
    const isPrinted = reasoning.isExpanded || !isAnswered;
    const ended = {...reasoning, tookMs, isPrinted};
    store.apply(set({reasoning: ended}));
    return isPrinted ? reasoningText(this.#session, ended) : `${thoughtLine(tookMs, theme)}\n\n`;
  }
}

/** Shows the reasoning of the current or the last reply, or folds it again while it arrives. */
export function toggleReasoning(session: Session): void {
  const {store} = session;
  const {reasoning, activity} = store.getSnapshot();
  if (!reasoning) return store.apply(showNotice('The last reply has no reasoning'));
  if (reasoning.isPrinted) return store.apply(showNotice('The reasoning is shown above'));
  if (activity !== 'idle') return store.apply(set({reasoning: {...reasoning, isExpanded: !reasoning.isExpanded}}));
  store.apply(set({reasoning: {...reasoning, isPrinted: true}}));
  store.print(reasoningText(session, reasoning));
}

/** The user asked for the reasoning while the answer arrived. @returns what to print below the answer, or '' */
export function overdueReasoning(session: Session): string {
  const {store} = session;
  const {reasoning} = store.getSnapshot();
  if (!reasoning?.isExpanded || reasoning.isPrinted) return '';
  store.apply(set({reasoning: {...reasoning, isPrinted: true}}));
  return reasoningText(session, reasoning);
}

function reasoningText(session: Session, {text, tookMs = 0}: Reasoning): string {
  const {color} = session.deps;
  // Without a bar it can be copied as it is.
  const rows = new ReasoningRows({color, hasBar: !color, width: () => widthOf(session)});
  return `${thoughtLine(tookMs, session.theme, {isExpanded: true})}\n${rows.append(text.trim())}${rows.end()}`;
}
