import type {BotTests} from '../../../context/bot-tests/read-tests.js';
import type {TestTarget} from '../../../context/bot-tests/test-target.js';
import type {Context} from '../../../context/context.js';
import {PoeError} from '../../../core/errors.js';
import {points} from '../../../output/format/numbers.js';

/**
 * Shows what all cases together will cost, before anything is sent.
 * @param options.maxPoints the most they may cost
 * @throws PoeError `over_budget`, `too_expensive`
 */
export async function checkPrice(
  context: Context,
  tests: BotTests,
  {target, maxPoints}: {target: TestTarget; maxPoints: number | undefined},
): Promise<void> {
  const {client, output, signal} = context;
  const messages = tests.cases.flatMap(({prompt, judge}) => [
    ...(target.kind === 'poe' ? [{bot: target.bot, text: `${target.system ?? ''}${prompt}`}] : []),
    // The judge reads the prompt and the reply.
    ...(judge !== undefined && tests.judgeBot !== undefined ? [{bot: tests.judgeBot, text: prompt.repeat(2)}] : []),
  ]);
  if (messages.length === 0) return;
  const fixed = new Map<string, number | null>();
  let [total, isEstimate, isUnknown] = [0, false, false];
  for (const {bot, text} of messages) {
    const known = fixed.get(bot);
    const price =
      known === undefined ? await client.bots.price(bot, {text, signal}) : {points: known, isEstimate: false};
    // A price per message, or no price, is the same for all messages.
    if (!price.isEstimate) fixed.set(bot, price.points);
    total += price.points ?? 0;
    isEstimate ||= price.isEstimate;
    isUnknown ||= price.points === null;
  }
  const about = `${isEstimate ? 'about ' : ''}${points(Math.ceil(total))}${isEstimate ? ' (estimate)' : ''}`;
  if (total > 0 && !output.isJson) output.note(`All cases together cost ${isUnknown ? 'at least ' : ''}${about}.`);
  const budget = await client.budget.get({signal});
  if (budget && total > budget.left) {
    throw new PoeError(
      'over_budget',
      `All cases together cost ${about}, but ${points(Math.floor(budget.left))} of your ${points(budget.limit)} a ${budget.period} are left`,
      {remedy: 'raise_budget'},
    );
  }
  if (maxPoints === undefined) return;
  if (isUnknown) throw tooExpensive('The total price is not known');
  if (total > maxPoints) throw tooExpensive(`All cases together cost ${about}, more than the limit of ${maxPoints}`);
}

const tooExpensive = (message: string): PoeError =>
  new PoeError('too_expensive', message, {remedy: 'raise_max_points'});
