import {cpus} from 'node:os';
import process from 'node:process';
import {chatStarting, chatStreaming} from './chat.js';
import {memoryOfHistory, memoryOfUpload, roundTrips, sending, size, starting, streaming} from './figures.js';
import {beside} from './peers.js';

/*
 * npm run bench: prints each figure as a ratio to a floor that was measured in the same run, beside its goal. With names, only
 * those: npm run bench -- starting chatStarting
 */

const all = {
  starting,
  sending,
  chatStarting,
  roundTrips,
  streaming,
  chatStreaming,
  memoryOfUpload,
  memoryOfHistory,
  size,
  beside,
};
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(all);
const unknown = names.filter((name) => !Object.hasOwn(all, name));
if (unknown.length > 0) throw new Error(`There is no figure ${unknown.join(', ')}, but ${Object.keys(all).join(', ')}`);

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}\n`);
console.log('| figure | measured | goal (at most) | made of |');
console.log('| --- | --- | --- | --- |');
for (const name of names) {
  for (const {what, figure, goal, made} of await all[name]()) {
    console.log(`| ${what} | ${figure} | ${goal} | ${made} |`);
  }
}
