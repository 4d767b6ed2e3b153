'use strict';
const {writeFileSync} = require('node:fs');
const Module = require('node:module');

/* Loaded into poe to measure how long each module takes to load, without those that it loads itself. Writes a report at the end. */

const {POE_BENCH_REPORT: path} = process.env;
const load = Module._load;
const loaded = new Map();
let inner = 0;
Module._load = function (request, parent, ...more) {
  const startedAt = performance.now();
  const outer = inner;
  inner = 0;
  try {
    return load.call(this, request, parent, ...more);
  } finally {
    const ms = performance.now() - startedAt;
    const [name, neededBy] = [request, parent?.filename ?? ''].map((path) =>
      path.replace(/^node:|^.*\//g, '').replace(/-[\w-]{8}\.js$/, '.js'),
    );
    if (!loaded.has(name)) loaded.set(name, {name, neededBy, ms: ms - inner});
    inner = outer + ms;
  }
};
process.on('exit', () => writeFileSync(path, JSON.stringify([...loaded.values()])));
