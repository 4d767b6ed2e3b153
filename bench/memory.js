import {existsSync, readFileSync} from 'node:fs';
import {setTimeout as pause} from 'node:timers/promises';
import {bin, ratio} from './figures.js';
import {measure, temporary} from './process.js';
import {prefixes, shortLines, startSite} from './site.js';
import {onTerminal} from './terminal.js';

/* Measurements of memory with long replies and long chats. */

const replyBytes = 50_000_000;
const mebibyte = 1024 * 1024;

/** A reply that is a hundred times as long as the longest that Poe allows. */
export async function memoryOfReply() {
  const text = shortLines(replyBytes);
  const api = {texts: [text], isChunked: true, chunkLength: 1000};
  const [fromApi, once, often] = [
    await peak(['--via', 'api'], api),
    await peak([], {texts: [text]}),
    await peak([], {texts: prefixes(text, 5)}),
  ];
  const row = (how, bytes) => ({
    label: `poe send, reply of 50 MB ${how}: memory vs. the reply`,
    figure: ratio(bytes, replyBytes),
    goal: '6',
    values: `${(bytes / mebibyte).toFixed(0)} MiB`,
  });
  return [
    row('in 50,000 chunks from the API', fromApi),
    row('in one update', once),
    row('in 5 updates that repeat it', often),
  ];
}

/** The most memory that a send takes, the smaller of two measurements, in bytes. Without options, it uses a session. */
async function peak(options, siteOptions) {
  const site = await startSite(siteOptions);
  const env = options.length > 0 ? {POE_API_KEY: 'b', POE_API_URL: site.url} : site.env;
  try {
    let least = Infinity;
    for (let round = 0; round < 2; round += 1) {
      const {rssMiB} = await measure([bin, 'send', ...options, '-b', 'Capy', 'hi'], {env, isProbed: true});
      least = Math.min(least, rssMiB * mebibyte);
    }
    return least;
  } finally {
    site.close();
  }
}

/** How much the heap of a chat grows with its text, after garbage was collected. */
export async function heapOfChat() {
  const [first, exchanges] = [20, 500];
  const reply = `${shortLines(5000)}\n\nThe end.\n`;
  const site = await startSite({texts: [reply]});
  const report = temporary('heap.txt');
  const sizes = () => (existsSync(report) ? readFileSync(report, 'utf8').trim().split('\n') : []);
  /** Has the chat write the size of its heap. */
  const mark = async (child) => {
    const {length} = sizes();
    // The screen is drawn before everything about the reply is done.
    await pause(500);
    child.kill('SIGUSR2');
    while (sizes().length === length) await pause(20);
    child.write('hi\r');
  };
  const exchange = (number) => [/The end\./, number === first ? mark : 'hi\r'];
  const keys = [
    [/Capy ·/, 'hi\r'],
    ...Array.from({length: first + exchanges}, (_, index) => exchange(index + 1)),
    [/The end\./, mark],
    [/The end\./, '\u0003\u0004'],
  ];
  try {
    const argv = [
      '--expose-gc',
      '--require',
      new URL('probes/heap-probe.cjs', import.meta.url).pathname,
      bin,
      'chat',
      '-b',
      'Capy',
    ];
    await onTerminal(argv, {env: {...site.env, POE_BENCH_REPORT: report}, keys});
    const [before, after] = sizes().map(Number);
    const grown = after - before;
    const textBytes = exchanges * (reply.length + 'hi'.length);
    return [
      {
        label: 'poe chat, 500 exchanges: growth of the heap after garbage collection vs. the text',
        figure: ratio(grown, textBytes),
        goal: '1.5',
        values: `${(grown / 1e6).toFixed(1)} / ${(textBytes / 1e6).toFixed(1)} MB`,
      },
    ];
  } finally {
    site.close();
  }
}
