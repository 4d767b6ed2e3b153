import {PoeError} from '../errors.js';
import {assertSuccess} from './protocol/assert-success.js';

interface Result {
  status: string | null;
  statusMessage: string | null;
}

type BotOperation = 'createBot' | 'editBot';
type KnowledgeOperation = 'createKnowledge' | 'editKnowledge';

/** The next step after a status. `handle_already_taken` is known; the other names are guesses that match a part of the status. */
const reasons: readonly (readonly [status: RegExp, reason: (handle: string) => string, hint: string])[] = [
  [/handle.*taken/, (handle) => `The handle ${handle} is taken`, 'Choose another handle.'],
  [
    /handle/,
    (handle) => `Poe does not accept the handle ${handle}`,
    'Use 4 to 20 letters, digits, ".", "-" or "_", and no name of a company or product.',
  ],
  [/prompt.*(?:long|large|length)/, () => 'The prompt is too long', 'Shorten it, or move parts of it to knowledge.'],
];

/** @throws PoeError `refused` with what to change */
export function assertBotSaved(operation: BotOperation, handle: string, result: Result | null): void {
  const status = result?.status ?? '';
  const known = status === 'success' ? undefined : reasons.find(([pattern]) => pattern.test(status));
  if (known) throw new PoeError('refused', known[1](handle), {hint: known[2]});
  assertSuccess(operation, `${operation === 'createBot' ? 'create' : 'change'} the bot ${handle}`, result);
}

/** @throws PoeError `too_large`, `refused` */
export function assertKnowledgeSaved(operation: KnowledgeOperation, title: string, result: Result | null): void {
  if (/too_large|too_long/.test(result?.status ?? '')) {
    throw new PoeError('too_large', `Poe does not accept ${title}: it is too large`, {hint: 'Split it into parts.'});
  }
  assertSuccess(operation, `store ${title}`, result);
}
