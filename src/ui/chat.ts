import process from 'node:process';
import {Chalk} from 'chalk';
import {sanitizeLine} from '../output/terminal/sanitize.js';
import {truncate} from '../output/terminal/truncate.js';
import {ScreenReader} from './screen/screen-reader.js';
import {Attention, focusOff, focusOn} from './notifier.js';
import {Conversation} from './conversation/conversation.js';
import {PlainScreen} from './screen/plain-screen.js';
import {rowsOf} from './screen/layout.js';
import {PromptHistory} from './prompt/history.js';
import type {Host} from './chat-deps.js';
import {type Key, KeyReader} from './prompt/keys.js';
import {Prompt, withPlainLines} from './prompt/prompt.js';
import {editExternally} from './prompt/external-editor.js';
import {asWord, draggedFile, pathsFrom} from './prompt/paths.js';
import {reflowOf} from './screen/reflow.js';
import {commonPrefix, completions} from './slash-commands/complete.js';
import type {Bottom} from './ink/ink-screen.js';

export type {Host, Within} from './chat-deps.js';
export type {SlashCommand} from './slash-commands/slash-command.js';

const pasteOn = '\u001b[?2004h';
const restored = '\u001b[?2004l\u001b[?7h\u001b[?25h';

/** Runs a chat on a terminal until it is left. The terminal is then as it was, whatever happened. */
export async function runChat(host: Host, start: {bot?: string; chat?: string}): Promise<void> {
  const session = new Session(host);
  try {
    await session.run(start);
  } finally {
    session.close();
  }
}

interface Question {
  text: string;
  prompt: Prompt;
  answer: (given: string | undefined) => void;
}

type Drawn = Pick<Bottom, 'update' | 'close' | 'without'>;

class Session {
  readonly #host: Host;
  readonly #prompt: Prompt;
  readonly #conversation: Conversation;
  readonly #keys = new KeyReader();
  readonly #attention: Attention;
  /** Switches on what the terminal is to tell, and all of it off. */
  readonly #modes: {on: string; off: string};
  readonly #paint;
  readonly #aloud = new ScreenReader();
  #bottom: Drawn;
  /** Ends the chat. */
  #leave: () => void = () => {};
  readonly #left = new Promise<void>((resolve) => (this.#leave = resolve));
  /** Ctrl+C was pressed once on an empty line. */
  #isLeaving = false;
  #isClosed = false;
  /** What is to be answered before anything else; the draft waits. */
  #question: Question | undefined;
  #ink: Promise<Drawn | undefined> | undefined;
  readonly #endRedirect: () => void;

  constructor(host: Host) {
    this.#host = host;
    const {terminal} = host;
    this.#paint = new Chalk({level: host.color ? 1 : 0});
    this.#prompt = new Prompt(new PromptHistory(host.historyPath));
    terminal.stdin.setEncoding('utf8');
    terminal.stdin.setRawMode?.(true);
    this.#attention = new Attention((text) => terminal.stdout.write(text), host.env);
    this.#modes = host.notifies ? {on: pasteOn + focusOn, off: focusOff + restored} : {on: pasteOn, off: restored};
    terminal.stdout.write(this.#modes.on);
    process.on('exit', this.close);
    this.#conversation = new Conversation(host, {
      print: (text) => this.#update(text),
      changed: () => this.#update(),
      leave: () => this.#leave(),
      edit: () => void this.#edit(),
      setDraft: (text) => this.#prompt.set(text),
      answered: (bot, tookMs) => host.notifies && this.#attention.answered(bot, tookMs),
      ask: (question) => this.#ask(question),
    });
    this.#bottom = new PlainScreen(terminal, reflowOf(host.env), this.#compose);
    this.#endRedirect = host.redirectNotes((line) => this.#update(`${line}\n`));
  }

  async run(start: {bot?: string; chat?: string}): Promise<void> {
    const {terminal, signal} = this.#host;
    terminal.stdin.on('data', this.#read);
    terminal.stdin.on('end', this.#leave);
    // A terminal that goes may say so in this way.
    terminal.stdin.on('error', this.#leave);
    signal.addEventListener('abort', () => this.#leave());
    if (signal.aborted) return;
    void this.#conversation.start(start).catch((error: unknown) => this.#conversation.fail(error));
    void this.#drawn().catch((error: unknown) => this.#conversation.fail(error));
    await this.#left;
    // Who did not mean to leave finds it under Up.
    if (this.#prompt.draft.text !== '') this.#prompt.take();
    this.#question?.answer(undefined);
    await this.#conversation.stop();
  }

  /** Writes lines for good, and draws what stands below them. Who does not see that is told what is new of it. */
  #update(settled = ''): void {
    if (this.#isClosed) return;
    const isHeard = this.#host.isForScreenReader;
    this.#bottom.update(
      settled + (isHeard ? this.#aloud.news({...this.#conversation.view(80), notice: this.#notice}) : ''),
    );
  }

  get #notice(): string {
    return (
      this.#question?.text ?? (this.#isLeaving ? 'Press Ctrl+C again to exit' : this.#conversation.view(80).notice)
    );
  }

  /** The bottom as Ink draws it, once that has been loaded; for a screen reader as it is, for Ink writes each line again and again. */
  #drawn(): Promise<Drawn | undefined> {
    if (this.#host.isForScreenReader) return Promise.resolve(this.#bottom);
    this.#ink ??= this.#loadInk();
    return this.#ink;
  }

  async #loadInk(): Promise<Drawn | undefined> {
    const {Bottom} = await import('./ink/ink-screen.js');
    if (this.#isClosed) return undefined;
    this.#bottom.close();
    const bottom = new Bottom(this.#host.terminal, reflowOf(this.#host.env), this.#compose);
    this.#bottom = bottom;
    return bottom;
  }

  readonly close = (): void => {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const {stdin, stdout} = this.#host.terminal;
    process.off('exit', this.close);
    this.#endRedirect();
    try {
      this.#bottom.close();
    } finally {
      stdin.off('data', this.#read);
      stdin.setRawMode?.(false);
      stdin.pause();
      stdout.write(this.#modes.off);
    }
  };

  readonly #compose = (columns: number, rows: number) => {
    const {tail, status, offers} = this.#conversation.view(columns);
    const {search, shown} = this.#question?.prompt ?? this.#prompt;
    const isQuiet = this.#host.isForScreenReader;
    return rowsOf(
      {
        tail: isQuiet ? '' : tail,
        offers: isQuiet ? [] : offers,
        notice: isQuiet ? '' : this.#notice,
        status: isQuiet ? [] : status,
        prompt: shown,
        mark: search === undefined ? '> ' : `(search: ${truncate(sanitizeLine(search), Math.floor(columns / 2))}) `,
        quiet: this.#paint.dim,
      },
      columns,
      rows,
    );
  };

  readonly #read = (chunk: string): void => {
    for (const key of this.#keys.read(chunk)) this.#press(key);
    this.#update();
  };

  #ask(text: string): Promise<string | undefined> {
    return new Promise((resolve) => {
      const answer = (given: string | undefined) => {
        this.#question = undefined;
        resolve(given);
      };
      this.#question = {text: sanitizeLine(text), prompt: new Prompt(new PromptHistory(undefined)), answer};
      this.#update();
    });
  }

  #pressForAnswer({prompt, answer}: Question, key: Key): void {
    const wish = prompt.press(key);
    if (wish === 'submit') answer(prompt.text);
    else if (wish === 'escape' || wish === 'interrupt' || wish === 'leave') answer(undefined);
  }

  #press(key: Key): void {
    if (key.type === 'key' && (key.name === 'focusIn' || key.name === 'focusOut'))
      return this.#attention.focus(key.name === 'focusIn');
    if (this.#question) return this.#pressForAnswer(this.#question, key);
    const isPastedIntoDraft = key.type === 'paste' && this.#prompt.search === undefined;
    const file = isPastedIntoDraft ? draggedFile(key.text) : undefined;
    if (file !== undefined) {
      this.#conversation.note(`${file} will be attached. Delete the @ to send the path as text.`);
      return void this.#prompt.press({type: 'text', text: `@${asWord(file)} `});
    }
    const offer = this.#offered(key);
    if (offer !== undefined) return this.#prompt.set(offer);
    const wish = this.#prompt.press(key);
    if (wish !== 'interrupt') this.#isLeaving = false;
    const conversation = this.#conversation;
    switch (wish) {
      case 'submit': {
        const text = this.#prompt.text;
        if (text.trim() !== '') void conversation.submit(this.#prompt.take());
        break;
      }
      case 'escape': {
        const queued = conversation.takeBack();
        if (queued !== undefined) this.#prompt.set(queued);
        else conversation.cancel();
        break;
      }
      case 'interrupt':
        this.#interrupt();
        break;
      case 'leave':
        this.#leave();
        break;
      case 'edit':
        void this.#edit();
        break;
      case 'complete':
        void this.#complete();
        break;
      case undefined:
    }
  }

  /** The suggested reply that a key takes: Alt+1 the first; Tab, where nothing else is written, one after the other. */
  #offered(key: Key): string | undefined {
    const {offers} = this.#conversation;
    if (key.type !== 'key') return undefined;
    if (key.alt) return offers[Number(key.name) - 1];
    const at = ['', ...offers].indexOf(this.#prompt.text);
    return key.name === 'tab' && at !== -1 ? offers[at % offers.length] : undefined;
  }

  #interrupt(): void {
    if (this.#conversation.cancel()) return;
    if (this.#isLeaving) this.#leave();
    if (this.#prompt.draft.text !== '') this.#prompt.take();
    this.#isLeaving = true;
  }

  async #complete(): Promise<void> {
    const known = await this.#host.known();
    const found = completions(this.#prompt.draft.text, this.#conversation.commands, (kind, start) =>
      kind === 'files'
        ? pathsFrom(start)
        : known[kind].filter((word) => word.toLowerCase().startsWith(start.toLowerCase())),
    ).toSorted();
    if (found.length === 0) return;
    this.#prompt.set(commonPrefix(found));
    this.#conversation.note(found.length > 1 ? found.map((each) => each.trim().split(' ').at(-1)).join('  ') : '');
  }

  async #edit(): Promise<void> {
    try {
      const bottom = await this.#drawn();
      const text = await editExternally(this.#prompt.text, this.#host.env, async (edit) =>
        bottom?.without(() => this.#lend(edit)),
      );
      this.#prompt.set(withPlainLines(text).replace(/\n$/, ''));
    } catch (error) {
      this.#conversation.fail(error);
    } finally {
      this.#update();
    }
  }

  /** Gives another program the terminal as it was before the chat. */
  async #lend(work: () => Promise<void>): Promise<void> {
    const {stdin, stdout} = this.#host.terminal;
    stdin.off('data', this.#read);
    stdin.pause();
    stdin.setRawMode?.(false);
    stdout.write(this.#modes.off);
    try {
      await work();
    } finally {
      stdin.setRawMode?.(true);
      stdout.write(this.#modes.on);
      stdin.on('data', this.#read);
      stdin.resume();
    }
  }
}
