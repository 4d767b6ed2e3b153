import process from 'node:process';
import {Output} from '../../../src/output/output.js';

/*
 * Arguments: <items> [<fail after>] [--json]. Prints a list the way a command does, then whether all items were read, whether the
 * source was closed, and the number of listeners for Ctrl-C. The source throws after <fail after> items.
 */

const [count = 0, failsAfter = Infinity] = process.argv.slice(2).map(Number);

// bin/poe.js does the same on a second Ctrl-C.
process.on('SIGINT', () => process.exit(130));

let isClosed = false;

async function* items(): AsyncGenerator<number> {
  try {
    for (let item = 1; item <= count; item += 1) {
      yield item;
      if (item === failsAfter) throw new Error('Connection lost');
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
