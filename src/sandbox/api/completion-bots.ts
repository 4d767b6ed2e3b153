import type {CompletionRequest} from './completion-request.js';
import {personInJson} from '../replies/person-in-json.js';
import {soundPathOf} from './media/audio.js';

/** How a stream breaks off: the connection is cut, the stream ends early, or nothing more is sent. */
export type ReplyEnd = 'cut' | 'unfinished' | 'silence';

/** A piece of a reply. */
export type ReplyPiece =
  {text: string} | {thought: string} | {error: {status: number; message: string}} | {end: ReplyEnd};

/** The reply of a bot, in pieces. */
export function completionReply({
  model,
  messages,
  parameters,
  cdnUrl = '',
}: Pick<CompletionRequest, 'model' | 'messages' | 'parameters'> & {cdnUrl?: string}): ReplyPiece[] {
  const last = messages.at(-1)?.text ?? '';
  switch (model.toLowerCase()) {
    case 'sandbox-echo':
    case 'sandbox-strict':
      return words(last);
    case 'sandbox-count':
      return words(numbersTo(Number(/\d+/.exec(last)?.[0] ?? 3)));
    case 'sandbox-memory':
      return words(messages.map(({role, text}) => `${role}: ${text}`).join('\n'));
    case 'sandbox-web':
      return words(searches(parameters) ? 'Tea is a drink.' : 'I think tea is a drink.');
    case 'sandbox-voice':
      return [{text: `${cdnUrl}${soundPathOf(parameters['voice'] === 'ben' ? 'ben' : 'anna')}`}];
    case 'sandbox-silent':
      return words('OK.');
    case 'sandbox-parameters':
      return [{text: JSON.stringify(parameters)}];
    case 'sandbox-thinker':
      return [{thought: 'Two and two '}, {thought: 'is four.'}, {text: '4'}];
    case 'sandbox-ponderer':
      return [{thought: 'First I count both twos.\nThen I '}, {thought: 'add them.\n'}, {text: '4'}];
    case 'sandbox-trickster':
      return [{thought: 'I take \u001B]0;an'}, {thought: 'other title\u0007 and \u202Eturn\nto you.'}, {text: '4'}];
    case 'sandbox-muser':
      return [{thought: 'It is 4.'}];
    case 'sandbox-json':
      return words(personInJson(messages.filter(({role}) => role === 'user').length));
    case 'sandbox-code':
      return words('Here:\n\n```sh\nwc -w file\n```\n\nThat is all.');
    case 'sandbox-slow':
      return [...words('1 2 '), {end: 'silence'}];
    case 'sandbox-cut':
      return [...words('1 2 '), {end: 'cut'}];
    case 'sandbox-endless':
      return [...words('1 2 '), {end: 'unfinished'}];
    case 'sandbox-broken':
      return [...words('1 2 '), {error: {status: 502, message: 'The model is unavailable.'}}];
    default:
      return words(/2\s*[x*×]\s*2/.test(last) ? '2 × 2 is **4**.' : `You said: ${last}`);
  }
}

/** Whether a request lets the bot search the web. */
export const searches = ({tools}: Record<string, unknown>): boolean =>
  Array.isArray(tools) && tools.some((tool: {type?: unknown}) => tool.type === 'web_search_preview');

const words = (text: string): ReplyPiece[] => (text.match(/\S+\s*|\s+/g) ?? []).map((word) => ({text: word}));

const numbersTo = (last: number) => Array.from({length: Math.min(last, 1000)}, (_, index) => index + 1).join(' ');
