import process from 'node:process';
import {setTimeout} from 'node:timers/promises';
import type {Chat as PoeChat} from '../core/model.js';
import {takeInterrupts} from '../output/terminal/programs/interrupts.js';
import {PasteFiles} from './attachments/paste-files.js';
import {trackMentions} from './attachments/track-mentions.js';
import type {ChatDeps} from './chat-deps.js';
import {Conversation} from './conversation/conversation.js';
import type {Start} from './conversation/commands/open-chat.js';
import {editDraft} from './input/edit-draft.js';
import {Input} from './input/input.js';
import {LineInput} from './input/line-input.js';
import {Menus} from './input/menus.js';
import {Notifier} from './notifier.js';
import {readHistory} from './prompt/history.js';
import {ChatScreen} from './screen/chat-screen.js';
import {screenful} from './screen/clear-screen.js';
import {layOut} from './screen/layout.js';
import {reflowOf} from './screen/reflow.js';
import {resizePauseMs} from './screen/resize-pause.js';
import {Suspension} from './screen/suspension.js';
import {TerminalQuestions} from './screen/terminal-questions.js';
import {TerminalModes} from './screen/terminal-modes.js';
import {initialState} from './state/chat-state.js';
import {storeInput} from './state/store-input.js';
import {restoreDraft} from './state/draft-aside.js';
import {useVi} from './state/press-vi.js';
import {ChatStore} from './state/store.js';
import {clearDraft} from './state/transitions.js';
import {viewOf} from './state/view.js';
import {createTheme} from './theme.js';

export type {ChatDeps, RunOptions} from './chat-deps.js';
export type {SlashCommand} from './slash-commands/slash-command.js';

const ctrlC = '\u0003';

/** How long the chat waits for keys before it loads Ink, which blocks. Short enough to be unnoticed. */
const earlyKeysMs = 20;

/**
 * Runs a chat on a terminal until the user leaves it. Afterwards the terminal is as it was before, whatever happened.
 * @returns the chat that was open at the end, if any
 */
export async function runChat(deps: ChatDeps, start: Start): Promise<PoeChat | undefined> {
  const chat = new Chat(deps);
  try {
    return await chat.run(start);
  } finally {
    chat.close();
  }
}

/** Connects the state of a chat with its screen, its keys and its conversation. */
class Chat {
  readonly #deps: ChatDeps;
  readonly #store: ChatStore;
  readonly #screen: ChatScreen;
  readonly #conversation: Conversation;
  readonly #input: Input;
  readonly #menus: Menus;
  readonly #modes: TerminalModes;
  readonly #suspension: Suspension;
  readonly #endRedirect: () => void;
  readonly #endInterrupts: () => void;
  readonly #pasteFiles = new PasteFiles();
  #leave: () => void = () => {};
  readonly #left = new Promise<void>((resolve) => (this.#leave = resolve));
  #isClosed = false;

  constructor(deps: ChatDeps) {
    this.#deps = deps;
    const {terminal, env, color, isForScreenReader, isDumb, historyPath, notifies} = deps;
    const hasOpening = !deps.isQuiet && !isDumb;
    const theme = createTheme({color, name: deps.theme, env});
    const hasMenus = !isForScreenReader && !isDumb;
    const store = new ChatStore(initialState(readHistory(historyPath), {hasMenus, isTemporary: deps.isTemporary}));
    this.#store = store;
    store.apply(useVi(deps.settings.get('keys') === 'vi'));
    const questions = new TerminalQuestions(terminal.stdout, () => this.#modes.areOn);
    const notifier = new Notifier((text) => terminal.stdout.write(text), env);
    this.#conversation = new Conversation({
      deps,
      store,
      theme,
      images: deps.images?.(questions.ask),
      ask: (question) => this.#input.ask(question),
      pick: (options) => this.#menus.pick(options),
      edit: () => void this.#edit(),
      leave: () => this.#leave(),
      notify: (bot, tookMs) => notifies && notifier.replied(bot, tookMs),
    });
    this.#input = new Input({
      store,
      notifier,
      conversation: this.#conversation,
      onAnswer: questions.receive,
      complete: () => this.#menus.complete().catch(this.#fail),
      searchHistory: () => this.#menus.searchHistory(),
      edit: () => this.#edit(),
      suspend: () => this.#suspension.suspend(),
      attachPaste: () => this.#attachPaste(),
      clearScreen: () => store.print(screenful(terminal.stdout)),
      leave: () => this.#leave(),
    });
    this.#menus = new Menus({deps, store, input: this.#input});
    const lineInput = new LineInput({
      store,
      conversation: this.#conversation,
      answer: (text) => this.#input.answer(text),
      onLine: () => this.#screen.lineEntered(),
      onInterrupt: () => {
        this.#screen.interrupted();
        this.#input.read(ctrlC);
      },
    });
    this.#modes = new TerminalModes(terminal, isDumb ? lineInput.read : this.#input.read, {
      reportsFocus: notifies,
      isDumb,
    });
    this.#modes.enter();
    this.#endInterrupts = isDumb ? takeInterrupts(() => this.#modes.areOn && lineInput.interrupt()) : () => {};
    process.on('exit', this.close);
    this.#screen = new ChatScreen({
      terminal,
      store,
      isForScreenReader,
      isDumb,
      reflow: reflowOf(env),
      resizePauseMs: resizePauseMs(env),
      compose: (state, columns, rows) =>
        layOut(
          viewOf(state, {columns, rows, isForScreenReader, account: hasOpening ? deps.account : undefined, theme}),
          columns,
          rows,
        ),
    });
    this.#suspension = new Suspension(this.#screen, this.#modes);
    this.#suspension.start();
    store.subscribe(this.#screen.update);
    trackMentions(store);
    if (historyPath !== undefined && !deps.isTemporary) storeInput(store, historyPath);
    this.#endRedirect = deps.redirectNotes((line) => store.print(`${line}\n`));
  }

  async run(start: Start): Promise<PoeChat | undefined> {
    const {terminal, signal} = this.#deps;
    terminal.stdin.on('end', this.#leave);
    // Closing a terminal may end its input with an error.
    terminal.stdin.on('error', this.#leave);
    signal.addEventListener('abort', () => this.#leave());
    if (signal.aborted) return undefined;
    // Both run on their own: keys are accepted meanwhile. The first prints its own errors.
    void this.#conversation.start(start);
    void setTimeout(earlyKeysMs)
      .then(() => (this.#isClosed ? undefined : this.#screen.load()))
      .catch(this.#fail);
    await this.#left;
    // Keep an unfinished draft in the history.
    this.#store.apply(clearDraft);
    this.#store.apply(restoreDraft);
    this.#store.apply(clearDraft);
    this.#input.answer(undefined);
    this.#input.picked(undefined);
    await this.#conversation.stop();
    return this.#store.getSnapshot().chat;
  }

  readonly close = (): void => {
    if (this.#isClosed) return;
    this.#isClosed = true;
    process.off('exit', this.close);
    this.#suspension.end();
    this.#menus.close();
    this.#endRedirect();
    this.#endInterrupts();
    this.#pasteFiles.close();
    try {
      this.#store.flush();
      this.#screen.close();
    } finally {
      this.#modes.leave();
    }
  };

  readonly #fail = (error: unknown): void => this.#conversation.fail(error);

  #attachPaste(): void {
    try {
      this.#pasteFiles.attach(this.#store);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #edit(): Promise<void> {
    const lend = (work: () => Promise<void>) => this.#screen.lend(() => this.#modes.lend(work));
    await editDraft(this.#store, this.#deps, lend).catch(this.#fail);
  }
}
