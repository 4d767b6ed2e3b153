import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {measure, temporary} from './process.js';
import {prefixes, shortLines, startSite, words} from './site.js';
import {onTerminal} from './terminal.js';

/*
 * npm run bench:growth [-- names]: how the CPU time of poe grows with the size of its work. Measures each kind of work at 1, 2, 4 and 8
 * times a size, subtracts the time that hardly any work takes, and prints the exponent: 1 is linear, 2 is quadratic.
 */

const bin = 'bin/poe.js';
const factors = [1, 2, 4, 8];
const rounds = 3;
const goal = 1.1;
const chatCode = 'local-abc123';

/** The smallest size of each kind of work, and a function that does it. */
const kinds = {
  'length of a reply, web': [250_000, (size) => sendWeb(prefixes(shortLines(size), 20))],
  'updates of a reply, web': [500, (size) => sendWeb(prefixes(shortLines(20_000), size))],
  'chunks of a reply, API': [8000, (size) => sendApi({texts: [words(size)], isChunked: true})],
  'length of a reply, API': [1_000_000, (size) => sendApi({texts: [shortLines(size).replaceAll(' ', '-')]})],
  'lines of a reply on a terminal': [2000, (size) => sendTerminal(shortLines(size * 65))],
  'list items on a terminal': [2000, (size) => sendTerminal(lines(size, (number) => `- item ${number}`))],
  'length of a list item on a terminal': [25_000, (size) => sendTerminal(`- ${'item '.repeat(size / 5)}\n`)],
  'table rows on a terminal': [
    2000,
    (size) => sendTerminal(`| a | b |\n| - | - |\n${lines(size, (number) => `| ${number} | b |`)}`),
  ],
  'lines of code on a terminal': [
    2000,
    (size) => sendTerminal(`\`\`\`js\n${lines(size, (number) => `const value${number} = ${number};`)}\`\`\`\n`),
  ],
  'nested quotes on a terminal': [500, (size) => sendTerminal(`${'> '.repeat(size)}text\n`)],
  'nested lists on a terminal': [500, (size) => sendTerminal(`${'- '.repeat(size)}text\n`)],
  chats: [2500, (size) => withSite({chats: size}, ({env}) => cpuOf(['history', '--all'], env))],
  'messages of a chat': [2500, (size) => cpuOf(['history', 'show', '--all', chatCode], storedChat(size))],
  files: [32, (size) => withSite({}, ({env}) => cpuOf(['send', '-b', 'Capy', ...files(size), 'hi'], env))],
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(kinds);
console.log('| work | sizes | CPU time | exponent |');
console.log('| --- | --- | --- | --- |');
for (const name of names) {
  const [base, work] = kinds[name] ?? [];
  if (!work) throw new Error(`Unknown kind of work: ${name}. Known: ${Object.keys(kinds).join(', ')}`);
  const sizes = factors.map((factor) => base * factor);
  const [least, ...times] = await smallest([1, ...sizes], work);
  const exponent = slope(sizes, times, least);
  const mark = exponent > goal ? ` (goal: at most ${goal})` : '';
  console.log(
    `| ${name} | ${sizes.join(', ')} | ${times.map((ms) => ms.toFixed(0)).join(', ')} ms | ${exponent.toFixed(2)}${mark} |`,
  );
}

/** The smallest of several measurements of each size, which are taken in turn. */
async function smallest(sizes, work) {
  const best = sizes.map(() => Infinity);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, size] of sizes.entries()) best[index] = Math.min(best[index], await work(size));
  }
  return best;
}

/** The slope of a line through the points on logarithmic scales. */
function slope(sizes, times, least) {
  const points = sizes.map((size, index) => [Math.log(size), Math.log(Math.max(times[index] - least, 0.1))]);
  const mean = (axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  return (
    points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0)
  );
}

async function cpuOf(words, env) {
  return (await measure([bin, ...words], {env, isProbed: true})).cpuMs;
}

async function withSite(options, use) {
  const site = await startSite(options);
  try {
    return await use(site);
  } finally {
    site.close();
  }
}

function sendWeb(texts) {
  return withSite({texts}, ({env}) => cpuOf(['send', '-b', 'Capy', 'hi'], env));
}

function sendApi(options) {
  return withSite(options, ({url}) =>
    cpuOf(['send', '--via', 'api', '-b', 'Capy', 'hi'], {POE_API_KEY: 'b', POE_API_URL: url}),
  );
}

/** A reply that arrives in 40 updates, rendered on a terminal. */
function sendTerminal(text) {
  return withSite({texts: prefixes(text, 40), paceMs: 20}, async ({env}) => {
    const {cpuMs} = await onTerminal([bin, 'send', '-b', 'Capy', 'hi'], {env, isProbed: true});
    return cpuMs;
  });
}

function lines(count, line) {
  return Array.from({length: count}, (_, index) => `${line(index)}\n`).join('');
}

/** Stores a chat of this many messages. @returns the environment in which it is found */
function storedChat(count) {
  const folder = temporary(`chat-${count}`);
  const time = '2026-01-01T00:00:00.000Z';
  const message = (number) => {
    const author = number % 2 === 0 ? 'human' : 'bot';
    return {
      type: 'message',
      messageId: number + 1,
      author,
      bot: 'Capy',
      text: `message ${number}`,
      state: 'complete',
      time,
    };
  };
  const log = [{type: 'chat', bot: 'Capy', time}, ...Array.from({length: count}, (_, number) => message(number))];
  mkdirSync(join(folder, 'chats', 'default'), {recursive: true});
  writeFileSync(
    join(folder, 'chats', 'default', `${chatCode}.jsonl`),
    log.map((entry) => `${JSON.stringify(entry)}\n`).join(''),
  );
  return {POE_CONFIG_DIR: folder, POE_API_KEY: 'b', POE_API_URL: 'http://127.0.0.1:9'};
}

/** The arguments that attach this many files. */
function files(count) {
  return Array.from({length: count}, (_, index) => {
    const path = temporary(`file-${index}.txt`);
    writeFileSync(path, `file ${index}\n`);
    return ['-f', path];
  }).flat();
}
