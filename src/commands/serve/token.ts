import {Command, InvalidArgumentError} from 'commander';
import type {Context} from '../../context/context.js';
import type {BudgetLimit} from '../../core/spending/ledger.js';
import {points} from '../../output/format/numbers.js';
import {relativeTime} from '../../output/format/time.js';
import type {Column} from '../../output/list/columns.js';
import {addExamples, type Example} from '../shared/options/examples.js';
import {parseBudget} from '../shared/options/parse-budget.js';

/** What `list` shows of a token. */
interface Row {
  name: string;
  budget: BudgetLimit | null;
  bots: string[] | null;
  createdTime: string;
}

export const token = (context: Context) =>
  new Command('token')
    .summary('Manage the tokens of programs')
    .description('List, add and revoke the tokens by which programs use the server. Each program should have its own.')
    .action(() => list(context))
    .addCommand(add(context))
    .addCommand(listCommand(context))
    .addCommand(revoke(context));

const add = (context: Context) =>
  addExamples(new Command('add'), addExample)
    .summary('Create a token for a program')
    .description('Create a token and print it once. Only a hash of it is stored.')
    .argument('<name>', 'Name of the program, such as editor', parseName)
    .option('--budget <budget>', 'Points it may spend, such as 2000/day', parseBudget)
    .option('--bots <patterns>', 'Bots it may use, such as "claude-*,gpt-5" (default: all)', parsePatterns)
    .action(async (name: string, flags: {budget?: BudgetLimit; bots?: string[]}) => {
      const [budget, bots] = [flags.budget ?? null, flags.bots ?? null];
      const created = await (await context.serving()).addToken({name, budget, bots});
      context.output.result({name, token: created, budget, bots}, (result) => result.token);
      context.output.note('Store it now: it is not shown again.');
    });

const listCommand = (context: Context) =>
  new Command('list')
    .summary('List the tokens')
    .description('List the tokens with their budgets and bots. The tokens themselves are not stored.')
    .action(() => list(context));

const revoke = (context: Context) =>
  new Command('revoke')
    .summary('Revoke a token')
    .description('Delete a token. A running server refuses it at once, and ends the replies that it was receiving.')
    .argument('<name>', 'Name of the program')
    .action(async (name: string) => {
      await (await context.serving()).tokens.remove(name);
      context.output.summary({revoked: name}, () => `Revoked the token ${name}.`);
    });

async function list(context: Context): Promise<void> {
  const {tokens} = await context.serving();
  const rows = tokens.current().map(({name, budget, bots, createdTime}): Row => ({name, budget, bots, createdTime}));
  await context.output.list(rows, columns, {
    empty: 'There are no tokens. Create one with: poe serve token add <name>',
  });
}

const columns: readonly Column<Row>[] = [
  {title: 'Token', value: ({name}) => name},
  {title: 'Budget', value: ({budget}) => budget && `${budget.limit}/${budget.period}`, shown: budgetText},
  {title: 'Bots', value: ({bots}) => bots?.join(',') ?? null, shown: ({bots}) => bots?.join(', ') ?? 'all'},
  {title: 'Created', value: ({createdTime}) => createdTime, shown: ({createdTime}) => relativeTime(createdTime)},
];

function budgetText({budget}: Row): string {
  return budget ? `${points(budget.limit)} a ${budget.period}` : 'none';
}

/** The name appears in logs and on the status page. */
function parseName(value: string): string {
  if (/^[\w.-]{1,40}$/.test(value)) return value;
  throw new InvalidArgumentError('Expected up to 40 letters, digits, dots, hyphens and underscores.');
}

function parsePatterns(value: string): string[] {
  const patterns = value.split(',').map((each) => each.trim().replace(/^@/, ''));
  if (patterns.every((each) => each !== '')) return patterns;
  throw new InvalidArgumentError('Expected names of bots, separated by commas. * stands for any characters.');
}

const addExample: readonly Example[] = [
  ['poe serve token add editor --budget 2000/day'],
  ['poe serve token add agent --bots "claude-*,gpt-5"'],
];
