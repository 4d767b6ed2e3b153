import {existsSync} from 'node:fs';
import {Chalk, type ChalkInstance} from 'chalk';
import {errorLine} from '../hints.js';
import type {Chat} from '../../core/model.js';
import type {Reply} from '../../core/reply.js';
import type {Connection} from '../../core/connection.js';
import {sanitize, sanitizeLine} from '../../output/terminal/sanitize.js';
import {lastCodeBlock} from '../../output/markdown/code-block.js';
import {renderDocument} from '../../output/markdown/render-document.js';
import type {ReplySink} from '../../output/reply/reply-renderer.js';
import {exportChat} from './export-chat.js';
import {helpText} from '../slash-commands/help.js';
import type {Host} from '../chat-deps.js';
import {draggedFile, namedFiles} from '../prompt/paths.js';
import {Points} from './points.js';
import {copyToClipboard} from '../screen/clipboard.js';
import {lastReply, notesOf, shortened, suggested} from './reply-notes.js';
import type {ConversationView, View} from './view.js';
import {costLine, type Facts, statusRows} from '../screen/status-line.js';
import {type ChatCommand, chatCommands, validCommands} from '../slash-commands/chat-commands.js';
import {parseSlashLine, subcommandLine} from '../slash-commands/parse.js';

const mostOffers = 4;

/** A chat as it goes on: who is talked to, what is being answered, what waits to be sent. */
export class Conversation {
  readonly #host: Host;
  readonly #stage: ConversationView;
  readonly #paint: ChalkInstance;
  readonly #sink: ReplySink;
  #bot: {handle: string; price: number | null} | undefined;
  #chat: Chat | undefined;
  readonly #purse: Points;
  #costs = '';
  #lastText = '';
  #files: string[] = [];
  #tail = '';
  #notice = '';
  readonly #queue: string[] = [];
  #running: AbortController | undefined;
  #isStopping = false;
  #reply: Reply | undefined;
  #work: Promise<void> = Promise.resolve();
  #started: Promise<void> = Promise.resolve();
  #from: {bot?: string; chat?: string} = {};
  #hasStarted = false;
  #offers: string[] = [];
  #connection: Connection = 'open';

  constructor(host: Host, stage: ConversationView) {
    this.#host = host;
    this.#stage = stage;
    this.#purse = new Points(host);
    this.#paint = new Chalk({level: host.color ? 1 : 0});
    this.#sink = {
      get width() {
        return host.terminal.stdout.columns || 80;
      },
      draw: (committed, pending) => {
        this.#tail = pending;
        stage.print(committed);
      },
    };
    host.watchConnection((connection) => {
      this.#connection = connection;
      stage.changed();
    });
  }

  view(columns: number): View {
    const waiting = this.#queue.length > 0 ? `Queued: ${sanitizeLine(this.#queue.join(' · '))} (Esc to edit)` : '';
    return {
      tail: this.#tail,
      notice: waiting || this.#notice,
      offers: this.#running ? [] : this.#offers.map((offer, index) => `Alt+${index + 1}  ${sanitizeLine(offer)}`),
      status: statusRows(this.#facts, columns),
      costs: this.#costs,
      connection: this.#connection,
    };
  }

  get #facts(): Facts {
    return {
      bot: this.#bot?.handle,
      isStarting: !this.#hasStarted,
      title: this.#chat?.title ?? null,
      price: this.#bot?.price ?? null,
      lastCost: this.#purse.lastCost,
      balance: this.#purse.balance,
      files: this.#files.length,
      isRunning: this.#running !== undefined,
      connection: this.#connection,
    };
  }

  get commands(): ReturnType<typeof validCommands> {
    return validCommands(this.#host.commands(), {hasChat: this.#chat !== undefined, hasReply: this.#lastText !== ''});
  }

  /** What the bot suggests to say next. */
  get offers(): readonly string[] {
    return this.#running ? [] : this.#offers;
  }

  /** Finds out who is talked to. A message waits for it. */
  async start(from: {bot?: string; chat?: string}): Promise<void> {
    this.#from = from;
    this.#started = this.#begin(from);
    try {
      await this.#started;
    } finally {
      this.#hasStarted = true;
      this.#stage.changed();
    }
  }

  async #begin({bot, chat}: {bot?: string; chat?: string}): Promise<void> {
    if (chat !== undefined) await this.#goOn(chat);
    await this.#talkTo(bot ?? this.#chat?.bot ?? undefined);
    void this.#purse.count().then(() => this.#stage.changed());
  }

  /** Sends a message, runs a command, or has it wait for the end of what is running. */
  async submit(text: string): Promise<void> {
    this.#notice = '';
    if (this.#running && /^\/cancel\s*$/.test(text)) return void this.cancel();
    if (this.#running) {
      this.#queue.push(text);
      this.#stage.changed();
      return;
    }
    this.#work = this.#take(text);
    await this.#work;
    const next = this.#queue.shift();
    if (next !== undefined) await this.submit(next);
  }

  /** The message queued last, to be changed. */
  takeBack(): string | undefined {
    return this.#queue.pop();
  }

  /** Stops what is running. @returns whether anything was that had not been stopped already */
  cancel(): boolean {
    if (!this.#running || this.#isStopping) return false;
    this.#isStopping = true;
    if (this.#reply) void this.#reply.cancel().catch((error: unknown) => this.fail(error));
    else this.#running.abort();
    return true;
  }

  /** Stops what is running and waits for its end. */
  async stop(): Promise<void> {
    this.#queue.length = 0;
    this.#running?.abort();
    await this.#work;
  }

  note(text: string): void {
    this.#notice = sanitizeLine(text);
    this.#stage.changed();
  }

  fail(error: unknown): void {
    const failure = this.#host.toError(error);
    if (failure.code === 'interrupted') return;
    this.#stage.print(errorLine(this.#paint, failure));
  }

  async #take(text: string): Promise<void> {
    const controller = new AbortController();
    this.#running = controller;
    this.#isStopping = false;
    try {
      // The failure was already shown.
      await this.#started.catch(() => {});
      const line = parseSlashLine(text);
      if (line && [...chatCommands, ...this.#host.commands()].some(({name}) => name === line.name))
        await this.#command(line.name, line.words, controller.signal);
      else if (line) this.note(`Unknown command /${line.name}. Type /help for a list.`);
      else await this.#send(text, controller.signal);
    } catch (error) {
      this.#tail = '';
      this.fail(error);
    } finally {
      this.#running = undefined;
      this.#reply = undefined;
      this.#stage.changed();
    }
  }

  async #send(text: string, signal: AbortSignal): Promise<void> {
    const onlyPath = draggedFile(text);
    if (onlyPath !== undefined) {
      this.#attach(onlyPath);
      return;
    }
    const files = [...this.#files, ...namedFiles(text)];
    try {
      // Never to another bot than the one that was named: what failed at the start is tried once more.
      if (!this.#bot) await this.#begin(this.#from);
    } catch (error) {
      this.#stage.setDraft(text);
      throw error;
    }
    this.#stage.print(`${this.#paint.bold(`> ${shortened(sanitize(text))}`)}\n\n`);
    try {
      const reply = await this.#host.send(text, {bot: this.#bot?.handle, chat: this.#chat, files, signal});
      this.#files = [];
      await this.#follow(reply);
    } catch (error) {
      if (!this.#reply) this.#stage.setDraft(text);
      throw error;
    }
  }

  async #follow(reply: Reply): Promise<void> {
    this.#reply = reply;
    this.#chat = reply.chat.toJSON();
    this.#offers = [];
    const startedAt = performance.now();
    try {
      const {showReply} = await import('./show-reply.js');
      await showReply(reply, this.#sink, this.#host);
    } finally {
      this.#lastText = reply.text;
      // Who stopped it is there.
      if (!reply.current.state.startsWith('cancel'))
        this.#stage.answered(this.#bot?.handle ?? 'poe', performance.now() - startedAt);
    }
    const whole = await reply.result();
    this.#chat = whole.chat;
    this.#offers = whole.suggestedReplies.slice(0, mostOffers);
    const notes = notesOf(whole);
    if (notes.length > 0) this.#stage.print(`${this.#paint.dim(notes.join('\n'))}\n\n`);
    await this.#host.remember(whole);
    void this.#askCost(reply);
  }

  async #askCost(reply: Reply): Promise<void> {
    const chat = this.#chat;
    await this.#purse.charge(reply);
    this.#costs = costLine(this.#facts);
    this.#stage.changed();
    const late = chat && this.#offers.length === 0 ? await suggested(this.#host, chat) : [];
    if (chat === this.#chat && late.length > 0) this.#offers = late.slice(0, mostOffers);
    this.#stage.changed();
  }

  readonly #talkTo = async (handle: string | undefined) => {
    this.#bot = await this.#host.bot(handle);
    this.#stage.changed();
  };

  async #goOn(name: string): Promise<void> {
    const {chat, messages} = await this.#host.chat(name);
    this.#chat = chat;
    this.#offers = [];
    this.#lastText = lastReply(messages)?.text ?? '';
    const {localTranscript} = await import('../../output/transcript/transcript.js');
    const last = localTranscript(chat, messages.slice(-6));
    this.#stage.print(`${await renderDocument(last, {color: this.#host.color, width: this.#sink.width})}\n`);
  }

  async #command(name: string, words: string[], signal: AbortSignal): Promise<void> {
    const own = chatCommands.find((each) => each.name === name)?.name;
    if (own) return this.#own(own, words);
    if (name === 'retry' && this.#chat && words.length === 0)
      return this.#follow(await this.#host.retry(this.#chat, signal));
    if (words.some((word) => word === '--help' || word === '-h')) return this.#help(name);
    const command = this.#host.commands().find((each) => each.name === name);
    if (!command) return;
    const chat = this.#chat && (this.#chat.chatCode ?? String(this.#chat.chatId));
    const line = subcommandLine({name, words}, command, chat);
    this.#stage.print(`${this.#paint.dim(`/${sanitize([name, ...words].join(' '))}`)}\n`);
    const {text, error} = await this.#host.run(line, {columns: this.#sink.width, signal, ask: this.#stage.ask});
    if (text !== '' || !error) this.#stage.print(`${text}${text.endsWith('\n') ? '' : '\n'}\n`);
    if (error) return this.#stage.print(errorLine(this.#paint, error));
    if (name === 'title' && this.#chat && chat !== undefined) this.#chat = (await this.#host.chat(chat)).chat;
    const isGone = name === 'purge' || (name === 'delete-chat' && chat !== undefined && line.includes(chat));
    if (isGone) await this.#own('new', []);
  }

  async #own(name: ChatCommand, words: string[]): Promise<void> {
    const [word] = words;
    switch (name) {
      case 'new':
        this.#leaveChat();
        return this.#stage.changed();
      case 'clear':
        this.#leaveChat();
        return this.#stage.print('\n'.repeat(this.#host.terminal.stdout.rows || 24));
      case 'bot':
        return word === undefined ? this.note('Usage: /bot <handle>') : this.#talkTo(word);
      case 'chat':
        if (word === undefined) return this.note('Usage: /chat <chat>. Type /history for a list.');
        await this.#goOn(word);
        return this.#talkTo(this.#chat?.bot ?? this.#bot?.handle);
      case 'file':
        return word === undefined ? this.note('Usage: /file <path>') : this.#attach(words.join(' '));
      case 'copy':
        return this.#copy(word === 'code' ? lastCodeBlock(this.#lastText) : this.#lastText);
      case 'edit':
        return this.#stage.edit();
      case 'export':
        return this.note(await exportChat(this.#host, this.#chat, word));
      case 'help':
        return this.#help(word);
      case 'exit':
        return this.#stage.leave();
    }
  }

  #leaveChat(): void {
    this.#offers = [];
    this.#chat = undefined;
    this.#lastText = '';
    this.#purse.lastCost = null;
  }

  #attach(path: string): void {
    if (!existsSync(path) && !/^https?:/.test(path)) return this.note(`File not found: ${path}`);
    this.#files.push(path);
    this.note(`Attached to the next message: ${path}`);
  }

  #copy(text = ''): void {
    if (text !== '') copyToClipboard(text, this.#host.terminal.stdout);
    this.note(text === '' ? 'Nothing to copy yet' : 'Copied to the clipboard');
  }

  #help(name?: string): void {
    const text = helpText(this.#host.commands(), this.#paint, name);
    if (text === undefined) this.note(`Unknown command ${name}. Type /help for a list.`);
    else this.#stage.print(`${text}\n\n`);
  }
}
