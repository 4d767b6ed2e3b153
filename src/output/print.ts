import type {OutputOptions} from './options.js';
import type {StderrWriter} from './stderr-writer.js';
import {delayedSpinner, loadSpinner} from './terminal/spinner.js';
import {streamWriter, type Writer} from './terminal/writer.js';

/**
 * Prints texts as they arrive, as long as stdout is read: on a terminal through a pager if they do not fit. An empty text says
 * that the wait for Poe is over.
 * @returns whether the text stays on the screen: a pager removes it
 */
export async function print(
  texts: AsyncIterable<string>,
  stderr: StderrWriter,
  options: OutputOptions,
): Promise<boolean> {
  const writer = await openWriter(stderr, options);
  const spinner = delayedSpinner(() => loadSpinner('Asking Poe', options));
  try {
    for await (const text of texts) {
      spinner.stop();
      if (text !== '' && !(await writer.write(text))) break;
    }
  } finally {
    spinner.stop();
    await writer.end();
    stderr.release();
  }
  return writer.isPaged !== true;
}

async function openWriter(stderr: StderrWriter, {stdout, env, json, startPager}: OutputOptions): Promise<Writer> {
  const canPage = startPager !== undefined || stdout === process.stdout;
  if (json || !stdout.isTTY || env.TERM === 'dumb' || !canPage) return streamWriter(stdout);
  const {ScreenWriter} = await import('./terminal/screen.js');
  return new ScreenWriter(stdout, async () => {
    // Notes must not appear on the pager's screen.
    stderr.hold();
    return startPager ? startPager() : (await import('./terminal/programs/pager.js')).startPager(env);
  });
}
