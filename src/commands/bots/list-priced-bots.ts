import type {Context} from '../../context/context.js';
import type {Bot} from '../../core/model.js';
import type {ModelBot} from '../../core/model-bot.js';
import type {BotListOptions, PriceProgress} from '../../core/options.js';
import type {ShownSpinner} from '../../output/terminal/spinner.js';
import {listBots} from '../shared/view/list-items.js';

/** The most prices that are looked up without being requested: about five seconds. */
const maxUnrequested = 20;
/** The most prices that are looked up in one run: about half a minute. */
const maxRequested = 100;
/** Nothing is shown of a look-up that takes less. */
const momentMs = 300;

type Bots = AsyncGenerator<Bot | ModelBot, void, undefined>;

interface PriceFlags {
  /** `--prices` or `--no-prices`. */
  isRequested: boolean | undefined;
  /** Whether bots are chosen or sorted by price. */
  needsPrices: boolean;
}

/**
 * Lists bots with the prices that Poe sends. Other prices take a request each: they are looked up for people, and for scripts only if
 * they are requested or needed.
 */
export async function listPricedBots(
  context: Context,
  {isRequested, needsPrices}: PriceFlags,
  list: (options: BotListOptions) => Bots,
): Promise<void> {
  const {output, io, isLocalServer} = context;
  const isForPeople = io.stdout.isTTY === true && !output.isJson;
  const maxLookUps = isRequested === false ? 0 : isRequested || needsPrices ? maxRequested : maxUnrequested;
  const report = new PriceReport(output);
  const bots = list({
    withPrices: isRequested ?? isForPeople,
    maxLookUps,
    ...(isLocalServer && {minIntervalMs: 0}),
    onPrices: (progress) => report.add(progress),
  });
  try {
    // A spinner and a table cannot be drawn at the same time.
    await listBots(context, isForPeople ? report.untilDone(bots) : bots, 'No bots match.');
  } finally {
    await report.stop();
  }
  if (!output.isJson) for (const note of report.notes(maxLookUps)) output.note(note);
}

/** Shows how far a look-up of prices is, and which prices stayed unknown. */
class PriceReport {
  readonly #output: Context['output'];
  #progress: PriceProgress | undefined;
  #startedAt: number | undefined;
  #spinner: Promise<ShownSpinner> | undefined;

  constructor(output: Context['output']) {
    this.#output = output;
  }

  add(progress: PriceProgress): void {
    this.#progress = progress;
    this.#startedAt ??= performance.now();
    if (performance.now() - this.#startedAt < momentMs) return;
    const text = `Looking up prices: ${progress.requested}`;
    this.#spinner ??= this.#output.startSpinner(text);
    // A spinner that cannot be shown is not needed.
    void this.#spinner.then((spinner) => spinner.update(text)).catch(() => {});
  }

  /** The bots, after the last price was looked up. */
  async *untilDone(bots: Bots): Bots {
    const all: (Bot | ModelBot)[] = [];
    for await (const bot of bots) all.push(bot);
    await this.stop();
    yield* all;
  }

  async stop(): Promise<void> {
    (await this.#spinner?.catch(() => undefined))?.stop();
  }

  notes(maxLookUps: number): string[] {
    if (!this.#progress) return [];
    const {leftOut, skipped} = this.#progress;
    const skippedPrices = `${counted(skipped, 'price')} ${skipped === 1 ? 'was' : 'were'} not looked up`;
    return [
      ...(leftOut > 0 ? [`Left out ${counted(leftOut, 'bot')}, because the price is unknown.`] : []),
      ...(skipped > 0 ? [`${skippedPrices}: ${reasonOf(this.#progress, maxLookUps)}`] : []),
    ];
  }
}

/** Why prices were not looked up, and what to do. */
function reasonOf({requested, isRateLimited}: PriceProgress, maxLookUps: number): string {
  if (isRateLimited) return 'Poe limits the number of requests. Try again in a minute.';
  if (requested < maxLookUps) return 'Poe did not send the ones before. Try again in a minute.';
  if (maxLookUps === 0) return 'remove --no-prices to do this.';
  if (maxLookUps === maxUnrequested) return 'add --prices to do this.';
  return `at most ${maxLookUps} at once. Run the same command again for more.`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
