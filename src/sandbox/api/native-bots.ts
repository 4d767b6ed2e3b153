import {completionReply, type ReplyEnd} from './completion-bots.js';
import type {NativeRequest} from './native-request.js';

/** An event of a reply in Poe's own protocol, or `end`, which breaks the stream off. */
export type NativeEvent =
  | {
      event: 'text' | 'replace_response' | 'suggested_reply' | 'file' | 'json' | 'data' | 'error' | 'wave';
      data: object;
    }
  | {event: 'end'; how: ReplyEnd};

const text = (value: string): NativeEvent => ({event: 'text', data: {text: value}});
const error = (message: string, more: object = {}): NativeEvent => ({
  event: 'error',
  data: {allow_retry: true, text: message, ...more},
});

const errorTypes = new Set([
  'user_message_too_long',
  'insufficient_fund',
  'user_caused_error',
  'privacy_authorization_error',
]);

/** The reply of a bot, as events. Bots of chat completions reply the same here. */
export function nativeReply({model, query, files, temperature, stop, cdnUrl}: NativeRequest): NativeEvent[] {
  const last = query.at(-1);
  switch (model.toLowerCase()) {
    case 'sandbox-native':
      return everyEvent;
    case 'sandbox-drafts':
      return [
        text('A first '),
        text('draft'),
        {event: 'replace_response', data: {text: 'A second '}},
        text('draft'),
        {event: 'end', how: 'silence'},
      ];
    case 'sandbox-files':
      return [
        text(files.map(({name, mimeType, size, sha256}) => `${name}, ${mimeType}, ${size}, ${sha256}`).join('\n')),
      ];
    case 'sandbox-parameters':
      return [
        text(
          JSON.stringify({
            ...last?.parameters,
            ...(temperature !== null && {temperature}),
            ...(stop.length > 0 && {stop}),
          }),
        ),
      ];
    case 'sandbox-memory':
      return [text(query.map(({role, content}) => `${role}: ${content}`).join('\n'))];
    case 'sandbox-error':
      return errorTypes.has(last?.content ?? '')
        ? [error('This is the error you asked for.', {allow_retry: false, error_type: last?.content})]
        : [error('Internal server error (error_id: 0f3c9d52-7a11-4b0e-9d53-c2e4a6b81f00)')];
    default: {
      const messages = query.map(({role, content}) => ({role, text: content}));
      let isThinking = false;
      return completionReply({model, messages, parameters: last?.parameters ?? {}, cdnUrl}).map(
        (piece): NativeEvent => {
          // This protocol has no field for reasoning: bots quote it above their answer.
          const before = 'thought' in piece === isThinking ? '' : isThinking ? '\n\n' : '> ';
          isThinking = 'thought' in piece;
          if ('text' in piece) return text(before + piece.text);
          if ('thought' in piece) return text(before + piece.thought.replaceAll('\n', '\n> '));
          return 'error' in piece ? error(piece.error.message) : {event: 'end', how: piece.end};
        },
      );
    }
  }
}

/** Every kind of event, including ones that clients must ignore. */
const everyEvent: NativeEvent[] = [
  text('Thinking… (1s elapsed)'),
  {event: 'replace_response', data: {text: ''}},
  text('Grüße, '),
  {event: 'wave', data: {text: 'an unknown event'}},
  {event: 'data', data: {metadata: 'for servers'}},
  {event: 'json', data: {choices: [{delta: {tool_calls: [{index: 0}]}, finish_reason: null}]}},
  {event: 'text', data: {text: 'another answer', index: 1}},
  text('世界 👋 ![a picture][p1]'),
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
