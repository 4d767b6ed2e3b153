import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import type {BudgetLimit, BudgetStatus} from '../../core/spending/ledger.js';
import {points} from '../../output/format/numbers.js';
import {dateTime} from '../../output/format/time.js';
import type {Field} from '../../output/list/record.js';
import {addExamples, type Example} from '../shared/options/examples.js';
import {parseBudget} from '../shared/options/parse-budget.js';

export const budget = (context: Context) =>
  addExamples(new Command('budget'), examples)
    .summary('Show or set the points you may spend')
    .description(
      'Limit the points that poe spends in a day or month. A message that would exceed the budget is not sent. All commands of the profile share it; spending elsewhere does not count.',
    )
    .action(async () => show(context, await context.client.budget.get({signal: context.signal})))
    .addCommand(set(context))
    .addCommand(clear(context));

const set = (context: Context) =>
  new Command('set')
    .summary('Set the budget')
    .description('Set how many points poe may spend in a day or a month, by the calendar of this machine.')
    .argument('<budget>', 'Such as 5000/day or 20000/month', parseBudget)
    .action(async (limit: BudgetLimit) => {
      show(context, await context.client.budget.set(limit, {signal: context.signal}));
    });

const clear = (context: Context) =>
  new Command('clear')
    .summary('Remove the budget')
    .description('Remove the budget. What was spent stays recorded.')
    .action(async () => {
      await context.client.budget.clear();
      show(context, null);
    });

function show({output}: Context, status: BudgetStatus | null): void {
  if (status) return output.record(status, budgetFields);
  output.summary(null, () => 'No budget is set. To set one: poe budget set 5000/day');
}

const budgetFields = ({limit, period, spent, left, resetsAt}: BudgetStatus): readonly Field[] => [
  ['Budget', `${points(limit)} a ${period}`, limit],
  ['Period', null, period],
  ['Spent', points(Math.round(spent)), spent],
  ['Left', points(Math.floor(left)), left],
  ['Resets', dateTime(resetsAt), resetsAt],
];

const examples: readonly Example[] = [['poe budget set 5000/day'], ['poe budget --json | jq .left']];
