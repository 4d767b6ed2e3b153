import process from 'node:process';
import {Output} from '../../src/output/output.js';

/*
 * A program that shows a list of so many items, as the command line does, on the streams of its process. Then it says how many
 * were read, whether the source was told that no more are wanted, and whether Ctrl-C would end it again. Where a second number
 * is given, the list breaks off after so many.
 */

const [count = 0, stopsAt = Infinity] = process.argv.slice(2).map(Number);

// As bin/poe.js does when asked twice.
process.on('SIGINT', () => process.exit(130));

let isClosed = false;

async function* items(): AsyncGenerator<number> {
  try {
    for (let item = 1; item <= count; item += 1) {
      yield item;
      if (item === stopsAt) throw new Error('The wire broke');
    }
  } finally {
    isClosed = true;
  }
}

const output = new Output({
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  json: process.argv.includes('--json'),
  quiet: false,
  verbose: true,
  color: true,
});

const columns = [{title: 'Item', value: (item: number) => `item ${item}`}];

try {
  const read = await output.list(items(), columns, {empty: 'There are no items.'});
  const isShort = read < count;
  process.stdout.write(`${isShort ? 'left early' : 'read all'}, ${isClosed ? 'closed' : 'open'}, `);
} catch (error) {
  process.stdout.write(`${String(error)}, `);
}
process.stdout.write(`${process.listenerCount('SIGINT')} listener\n`);
