import type {Context} from '../../../context/context.js';
import {PoeError} from '../../../core/errors.js';
import type {SendOptions} from '../../../core/options.js';
import type {ReplyResult} from '../../../core/reply.js';
import type {ReplyView} from '../../../output/reply/reply-view.js';
import {type ReplyFlags, showReply} from '../view/show-reply.js';
import {type JsonSchema, SchemaCheck} from './check-json.js';
import {compactJson, type FoundJson, indentedJson, jsonIn} from '../../../output/format/find-json.js';

/** A reply that does not match the schema, and why. */
interface Mismatch {
  reply: ReplyResult;
  problems: string[];
}

interface JsonOptions {
  /** Whether the chat is not stored. */
  isTemporary: boolean;
  /** Whether to ask again, once, if a reply does not match. */
  mayRepair: boolean;
}

/** Requests JSON from a bot, and prints it if it matches a schema. */
export class JsonReplies {
  readonly #context: Context;
  readonly #check: SchemaCheck;
  /** Whether the whole reply can be printed later. */
  readonly #isKept: boolean;
  readonly #mayRepair: boolean;
  /** The last reply, if it does not match. */
  #mismatch: Mismatch | undefined;

  /** @throws PoeError `usage` if the schema cannot be used */
  constructor(schema: JsonSchema, context: Context, {isTemporary, mayRepair}: JsonOptions) {
    this.#mayRepair = mayRepair;
    this.#check = new SchemaCheck(schema);
    this.#context = context;
    this.#isKept = context.keepsChats && !isTemporary;
  }

  get schema(): JsonSchema {
    return this.#check.schema;
  }

  /** The message with instructions. */
  request(message: string): string {
    const schema = JSON.stringify(this.#check.schema);
    return `${message}\n\nReply only with JSON that matches this JSON Schema, without any other text:\n${schema}`;
  }

  /**
   * For a send that failed: if its reply does not match, asks the bot to correct it, once. That is a new message in the same chat.
   * @returns a function that throws every other error again
   */
  correct({options, flags}: {options: SendOptions; flags: ReplyFlags}): (error: unknown) => Promise<void> {
    return async (error) => {
      const {reply, problems} = this.#mismatch ?? {};
      // A longer reply would be cut off again.
      if (!this.#mayRepair || !reply || !problems || reply.finishReason === 'length') throw error;
      const {output, client, signal} = this.#context;
      output.note(
        `The reply does not match the schema (${summary(problems)}). Asking the bot to correct it, which may cost points.`,
      );
      const {system: _system, replyTo: _replyTo, isTemporary, ...rest} = options;
      const next = {...rest, chat: reply.chat};
      const request = {text: 'Asking for a correction', options: {...next, isTemporary}, view: this.view};
      await showReply(this.#context, request, flags, () =>
        client.send(correctionOf(problems), {...next, schema: this.schema, signal}),
      );
    };
  }

  /** Prints the JSON of a reply. Its `done` throws PoeError `schema_mismatch`. */
  readonly view: ReplyView = {
    start() {},
    event() {},
    done: (reply) => this.#print(reply),
    failed() {},
  };

  #print(reply: ReplyResult): void {
    const {output, io} = this.#context;
    this.#mismatch = undefined;
    const found = this.#find(reply.text);
    if (!Array.isArray(found)) {
      const toText = io.stdout.isTTY ? indentedJson : compactJson;
      return output.result({...reply, data: found.value}, () => toText(found));
    }
    this.#mismatch = {reply, problems: found};
    output.keepPartial(reply);
    const next = this.#isKept
      ? {remedy: 'show_reply' as const, chat: String(reply.chat.chatCode ?? reply.chat.chatId)}
      : {hint: 'To print the whole reply, omit --schema.'};
    throw new PoeError('schema_mismatch', `The reply does not match the schema: ${summary(found)}`, next);
  }

  /** The first JSON text that matches; otherwise what is wrong with the first one. */
  #find(text: string): FoundJson | string[] {
    let problems: string[] | undefined;
    for (const found of jsonIn(text)) {
      const own = this.#check.problems(found.value);
      if (own.length === 0) return found;
      problems ??= own;
    }
    return problems ?? ['it contains no JSON'];
  }
}

const correctionOf = (problems: readonly string[]): string =>
  [
    'Your reply does not match the JSON Schema:',
    ...problems.slice(0, 10).map((problem) => `- ${problem}`),
    '',
    'Reply again, only with the corrected JSON.',
  ].join('\n');

const summary = (problems: readonly string[]): string =>
  problems.slice(0, 3).join('; ') + (problems.length > 3 ? ` and ${problems.length - 3} more` : '');
