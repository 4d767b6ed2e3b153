import {statSync} from 'node:fs';
import {Command, Option} from 'commander';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import type {BatchOptions, BatchResult} from '../../core/many/batch.js';
import type {SendOptions} from '../../core/options.js';
import {BatchProgress} from '../shared/many/batch-progress.js';
import {addBotOptions, type BotFlags, botOptions, readSystem} from '../shared/options/bot-options.js';
import {addExamples, type Example} from '../shared/options/examples.js';
import {duration} from '../../output/format/time.js';
import {parseCount} from '../shared/options/parse-count.js';
import {addMaxPoints} from '../shared/view/show-reply.js';

interface BatchFlags extends BotFlags {
  bot?: string;
  output?: string;
  template?: string;
  id?: string;
  format?: 'jsonl' | 'csv';
  concurrency?: number;
  retryFailed?: boolean;
  dryRun?: boolean;
  system?: string;
  maxPoints?: number;
}

export const batch = (context: Context) =>
  addMaxPoints(addBotOptions(addExamples(new Command('batch'), examples)))
    .summary('Send many prompts from a file')
    .description('Send each row of a JSONL or CSV file, and write a JSON line for each reply.')
    .argument('<file>', 'JSONL or CSV file, or - for stdin')
    .option('-b, --bot <bot>', "Bot handle (default: the account's bot)")
    .option('-o, --output <file>', 'Results; prompts that have one are skipped')
    .option('--template <text>', 'Prompt with columns: "Translate {{word}}"')
    .option('--id <column>', 'Column with the ID (default: id)')
    .addOption(new Option('--format <format>', 'Format of the file (default: detected)').choices(['jsonl', 'csv']))
    .option('--concurrency <n>', 'Prompts at once (default: 8, on poe.com 1)', parseCount)
    .option('--retry-failed', 'Send failed prompts again')
    .option('--dry-run', 'Show the price, and send nothing')
    .action(async (source: string, flags: BatchFlags) => {
      const options = await batchOptions(context, flags);
      await context.requireBackend(options);
      const {readPrompts} = await import('../../context/batch/read-prompts.js');
      const input = source === '-' ? context.io.stdin : source;
      const prompts = () => readPrompts(input, {...flags, idColumn: flags.id, signal: context.signal});
      if (flags.dryRun) return showPrice(context, prompts(), {bot: options.bot, maxTokens: flags.maxTokens});
      // A file is read twice: errors in it are reported before anything is sent, and the number of prompts is known. A pipe is not.
      const total = source === '-' || isPipe(source) ? undefined : await count(prompts());
      await send(context, {prompts: prompts(), total, options, flags});
    });

async function batchOptions(context: Context, {bot, maxPoints, concurrency, system, ...flags}: BatchFlags) {
  const own = {bot, maxPoints, system: await readSystem(system), ...botOptions(flags)};
  const {chat: _chat, ...options} = await context.withSettings<SendOptions>(own);
  return {
    ...options,
    ...(concurrency !== undefined && {concurrency}),
    // Only Poe itself has this limit.
    ...(context.isLocalServer && {perMinute: Infinity}),
    stop: context.signal,
  } satisfies BatchOptions;
}

interface Job {
  prompts: AsyncIterable<{id: string; text: string}>;
  total: number | undefined;
  options: BatchOptions;
  flags: BatchFlags;
}

async function send(context: Context, {prompts, total, options, flags}: Job): Promise<void> {
  const {output, client} = context;
  const [{ResultFile}, {resultLine, runBatch, someFailed}] = await Promise.all([
    import('../../context/batch/result-file.js'),
    import('../../context/batch/run-batch.js'),
  ]);
  const file = flags.output === undefined ? undefined : await ResultFile.open(flags.output);
  const progress = new BatchProgress(total);
  const spinner = await output.startSpinner('Sending prompts');
  const onResult = (result: BatchResult) => {
    progress.add(result);
    if (!file) output.text(JSON.stringify(resultLine(result)));
    spinner.update(() => progress.text());
  };
  const onSkip = () => progress.skip();
  const onWait = (replies: number) => {
    const counted = replies === 1 ? '1 reply' : `${replies} replies`;
    output.note(`Waiting for ${counted} to finish. To stop at once, press Ctrl+C again.`);
  };
  const onPause = (ms: number) => {
    if (!output.isJson) output.note(`Poe limits the number of requests. The batch goes on in ${duration(ms)}.`);
  };
  try {
    await runBatch(
      client,
      prompts,
      {...options, onPause},
      {file, retriesFailed: flags.retryFailed === true, onResult, onSkip, onWait},
    );
  } catch (error) {
    spinner.stop();
    if (file && error instanceof PoeError) output.note('To continue later, run the same command again.');
    throw error;
  } finally {
    spinner.stop();
    file?.close();
    if (progress.count > 0 || total === 0) output.note(progress.summary());
  }
  const failed = progress.failed + (file?.failed.size ?? 0);
  if (failed > 0) throw someFailed(failed, progress.count, file !== undefined);
}

async function showPrice(
  {client, output, signal}: Context,
  prompts: AsyncIterable<{text: string}>,
  {bot, maxTokens}: {bot: string | undefined; maxTokens: string | undefined},
): Promise<void> {
  const handle = bot ?? (await client.account.defaultBot({signal})).handle;
  const limits = maxTokens === undefined ? {} : {maxTokens: Number(maxTokens)};
  let [total, points, isEstimate]: [number, number | null, boolean] = [0, 0, false];
  let fixed: Awaited<ReturnType<typeof client.bots.price>> | undefined;
  for await (const {text} of prompts) {
    total++;
    // A price per message, or no price, is the same for all prompts.
    const price = fixed ?? (await client.bots.price(handle, {text, ...limits, signal}));
    if (!price.isEstimate) fixed = price;
    points = points === null || price.points === null ? null : points + price.points;
    isEstimate ||= price.isEstimate;
  }
  output.summary({prompts: total, bot: handle, points, isEstimate}, () => {
    const cost =
      points === null
        ? 'at an unknown price'
        : `for ${isEstimate ? 'about ' : ''}${points.toLocaleString('en-US')} points${isEstimate ? ' (estimate)' : ''}`;
    return `${total.toLocaleString('en-US')} ${total === 1 ? 'prompt' : 'prompts'} to ${handle} ${cost}`;
  });
}

/** Whether a path is that of a named pipe, such as what a shell passes for `<(…)`. */
function isPipe(path: string): boolean {
  try {
    return statSync(path).isFIFO();
  } catch {
    // Reading it says why.
    return false;
  }
}

async function count(items: AsyncIterable<unknown>): Promise<number> {
  let total = 0;
  for await (const _item of items) total++;
  return total;
}

const examples: readonly Example[] = [['poe batch prompts.jsonl -b GPT-4o-Mini -o results.jsonl']];
