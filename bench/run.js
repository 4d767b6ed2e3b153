import {cpus} from 'node:os';
import process from 'node:process';
import {archive} from './many/archive.js';
import {batch} from './many/batch.js';
import {chatStartup, chatReply} from './chat.js';
import {chunkedReply, longReply, memoryOfHistory, memoryOfUpload, roundTrips, size, startup} from './figures.js';
import {heapOfChat, memoryOfReply} from './memory.js';
import {peers} from './peers.js';
import {serve} from './serve/serve.js';
import {shortReply} from './short-reply.js';

/*
 * npm run bench: prints each figure as a ratio to a baseline that is measured in the same run, with its goal. With names, it
 * prints only these: npm run bench -- startup chatStartup
 */

const all = {
  startup,
  shortReply,
  chatStartup,
  roundTrips,
  longReply,
  chunkedReply,
  chatReply,
  memoryOfUpload,
  memoryOfHistory,
  memoryOfReply,
  heapOfChat,
  serve,
  size,
  batch,
  archive,
  peers,
};
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(all);
const unknown = names.filter((name) => !Object.hasOwn(all, name));
if (unknown.length > 0)
  throw new Error(`Unknown figures: ${unknown.join(', ')}. Known figures: ${Object.keys(all).join(', ')}`);

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}\n`);
console.log('| figure | measured | goal (at most) | values |');
console.log('| --- | --- | --- | --- |');
for (const name of names) {
  for (const {label, figure, goal, values} of await all[name]()) {
    console.log(`| ${label} | ${figure} | ${goal} | ${values} |`);
  }
}
