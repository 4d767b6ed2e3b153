import type {CallToolResult} from '@modelcontextprotocol/sdk/types.js';
import type {z} from 'zod';
import {PoeError} from '../core/errors.js';
import {redact} from '../core/log/redact.js';
import {sanitizeLine} from '../output/terminal/sanitize.js';
import {mcpHint} from './hints.js';
import {PartialReplyError} from './messages.js';

/**
 * A failure as the result of a tool, so that the model sees it. What has arrived of a reply is included: it has been paid for.
 * @param toError converts errors that are none of Poe
 */
export function errorResult(thrown: unknown, toError: (error: unknown) => PoeError): CallToolResult {
  const partial = thrown instanceof PartialReplyError ? thrown : undefined;
  const error = partial?.error ?? toError(thrown);
  const {code, retryable} = error;
  const hint = mcpHint(error);
  const chat = partial?.reply.chat.chatCode;
  const lines = [
    `Error (${code}): ${sanitizeLine(error.message)}`,
    ...(hint === undefined ? [] : [sanitizeLine(hint)]),
    ...(chat ? [`The message is in the chat ${chat}, and may have been charged.`] : []),
    ...(partial && partial.reply.text !== '' ? ['What has arrived of the reply follows.'] : []),
  ];
  return {
    content: [
      {type: 'text', text: lines.join('\n')},
      ...(partial && partial.reply.text !== '' ? [{type: 'text' as const, text: partial.reply.text}] : []),
    ],
    isError: true,
    _meta: {'poe/code': code, 'poe/retryable': retryable},
  };
}

/** The error for arguments that do not match the schema of a tool. It names each field. */
export function invalidArguments(tool: string, {issues}: z.ZodError): PoeError {
  const problems = issues.slice(0, 5).map(({path, message}) => {
    const field = path.map(String).join('.');
    return field === '' ? message : `${field}: ${message}`;
  });
  return new PoeError('usage', `Invalid arguments of ${tool}: ${problems.join('; ')}`, {
    hint: 'Nothing was sent. Correct the arguments.',
  });
}

/** An error of the protocol. The SDK's own class puts a prefix before the message, at both ends. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';

  /** @param code of JSON-RPC  @param message one line */
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** The error as one line without secrets, for a JSON-RPC error. */
export const errorLine = (error: PoeError): string =>
  redact(sanitizeLine([error.message, mcpHint(error)].filter(Boolean).join('. ')));
