import {piecesOf} from './completion-bots.js';
import type {NativeRequest} from './native-request.js';

/** What a bot does in Poe's own protocol, event by event; `end` breaks the stream off. */
export type NativeReplyPiece =
  | {
      event: 'text' | 'replace_response' | 'suggested_reply' | 'file' | 'json' | 'data' | 'error' | 'wave';
      data: object;
    }
  | {event: 'end'; how: 'cut' | 'unfinished' | 'silence'};

const said = (text: string): NativeReplyPiece => ({event: 'text', data: {text}});
const error = (text: string, more: object = {}): NativeReplyPiece => ({
  event: 'error',
  data: {allow_retry: true, text, ...more},
});

const errorTypes = new Set([
  'user_message_too_long',
  'insufficient_fund',
  'user_caused_error',
  'privacy_authorization_error',
]);

/** The answer of a bot, as events. What a bot of chat completions says, it says here too. */
export function nativePiecesOf(request: NativeRequest): NativeReplyPiece[] {
  const {model, query, files, temperature, stop} = request;
  const last = query.at(-1);
  switch (model.toLowerCase()) {
    case 'sandbox-native':
      return [
        said('Thinking… (1s elapsed)'),
        {event: 'replace_response', data: {text: ''}},
        said('Grüße, '),
        {event: 'wave', data: {text: 'nobody knows this event'}},
        {event: 'data', data: {metadata: 'for servers'}},
        {event: 'json', data: {choices: [{delta: {tool_calls: [{index: 0}]}, finish_reason: null}]}},
        {event: 'text', data: {text: 'another answer', index: 1}},
        said('世界 👋 ![a picture][p1]'),
        {
          event: 'file',
          data: {
            url: 'https://pfst.cf2.poecdn.net/base/image/0f',
            content_type: 'image/png',
            name: 'p.png',
            inline_ref: 'p1',
          },
        },
        {event: 'suggested_reply', data: {text: 'Tell me more'}},
        {event: 'suggested_reply', data: {text: 'In French?'}},
      ];
    case 'sandbox-drafts':
      return [
        said('A first '),
        said('draft'),
        {event: 'replace_response', data: {text: 'A second '}},
        said('draft'),
        {event: 'end', how: 'silence'},
      ];
    case 'sandbox-files':
      return [
        said(files.map(({name, mimeType, size, sha256}) => `${name}, ${mimeType}, ${size}, ${sha256}`).join('\n')),
      ];
    case 'sandbox-parameters':
      return [
        said(
          JSON.stringify({
            ...last?.parameters,
            ...(temperature !== null && {temperature}),
            ...(stop.length > 0 && {stop}),
          }),
        ),
      ];
    case 'sandbox-memory':
      return [said(query.map(({role, content}) => `${role}: ${content}`).join('\n'))];
    case 'sandbox-error':
      return errorTypes.has(last?.content ?? '')
        ? [error('As you wished.', {allow_retry: false, error_type: last?.content})]
        : [error('Internal server error (error_id: 0f3c9d52-7a11-4b0e-9d53-5f2b8c1d9e00)')];
    default: {
      const asked = {
        model,
        said: query.map(({role, content}) => ({role, text: content})),
        parameters: {},
        isStreamed: true,
        withUsage: false,
      };
      return piecesOf(asked).map((piece): NativeReplyPiece => {
        if ('text' in piece) return said(piece.text);
        if ('thought' in piece) return said(piece.thought);
        return 'error' in piece ? error(piece.error.message) : {event: 'end', how: piece.end};
      });
    }
  }
}
