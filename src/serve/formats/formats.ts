import {countTokens} from '../../core/spending/count-tokens.js';
import type {BotFormat} from '../serve-backend.js';
import type {ChatRequest} from './chat-request.js';
import {readCompletion} from './read-completion.js';
import {readMessage} from './read-message.js';
import {readResponse} from './read-response.js';
import {completionWriter} from './write-completion.js';
import {messageWriter} from './write-message.js';
import {responseWriter} from './write-response.js';
import type {FormatWriter} from './written-reply.js';

interface Format {
  /** @throws PoeError `usage` */
  read(body: unknown): ChatRequest;
  /** @param prompt all texts of the request */
  writer(request: ChatRequest, prompt: string): FormatWriter;
}

/** How programs talk to a bot. */
export const formats: Readonly<Record<BotFormat, Format>> = {
  chat: {read: readCompletion, writer: (request) => completionWriter(request.model, request)},
  responses: {
    read: readResponse,
    writer: ({model, system}) => responseWriter(model, {instructions: system}),
  },
  messages: {
    read: readMessage,
    writer: ({model}, prompt) => messageWriter(model, {promptTokens: countTokens(prompt)}),
  },
};
