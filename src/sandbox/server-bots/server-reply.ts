import type {ReplyUpdate} from '../replies/replies.js';
import type {Attachment} from '../world/chat.js';
import {askServer, type BotServer, ServerFailure} from './ask-server.js';

/** An update of a reply by a server. The last one has a state, and the suggested replies. */
export interface ServerUpdate extends ReplyUpdate {
  readonly suggestions?: readonly string[];
}

/** The reply of a server as updates of the bot's message. A failure is the state of the last one. */
export async function* serverReply(
  server: BotServer,
  query: object,
  signal: AbortSignal,
): AsyncGenerator<ServerUpdate, void, undefined> {
  const suggestions: string[] = [];
  const attachments: Attachment[] = [];
  let text = '';
  const failed = (stateText: string): ServerUpdate => ({delayMs: 0, text, state: 'error_bot_unavailable', stateText});
  try {
    for await (const {name, data} of askServer(server, query, signal)) {
      const part = typeof data['text'] === 'string' ? data['text'] : '';
      if (name === 'text' || name === 'replace_response') {
        text = name === 'text' ? text + part : part;
        yield {delayMs: 0, text};
      } else if (name === 'suggested_reply') suggestions.push(part);
      else if (name === 'file') attachments.push(toAttachment(data));
      else if (name === 'error') return yield failed(part || 'The bot reported an error.');
    }
  } catch (error) {
    if (!(error instanceof ServerFailure)) throw error;
    return yield failed(error.message);
  }
  yield {delayMs: 0, text, state: 'complete', attachments, suggestions};
}

const toAttachment = ({name, url, content_type}: Readonly<Record<string, unknown>>): Attachment => ({
  name: textOf(name, 'file'),
  url: textOf(url, ''),
  mimeType: textOf(content_type, 'application/octet-stream'),
  size: 0,
});

const textOf = (value: unknown, fallback: string): string => (typeof value === 'string' ? value : fallback);
