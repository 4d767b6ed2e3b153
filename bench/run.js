import {spawnSync} from 'node:child_process';
import {cpus} from 'node:os';
import process from 'node:process';
import {memoryOfHistory, memoryOfUpload, roundTrips, sending, size, starting, streaming} from './figures.js';

/* npm run bench: prints each figure as a ratio to a floor that was measured in the same run, beside its goal. */

const peers = ['poe-cli', 'llm', 'aichat'].filter((name) => spawnSync('which', [name]).status === 0);

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}\n`);
console.log('| figure | measured | goal (at most) | made of |');
console.log('| --- | --- | --- | --- |');
for (const measure of [starting, sending, roundTrips, streaming, memoryOfUpload, memoryOfHistory, size]) {
  for (const {what, figure, goal, made} of await measure()) {
    console.log(`| ${what} | ${figure} | ${goal} | ${made} |`);
  }
}
console.log(
  peers.length === 0
    ? '\nNo peer (poe-cli of poe-api-rust, llm, aichat) is installed here.'
    : `\nInstalled, and not measured: ${peers.join(', ')}.`,
);
