const {appendFileSync} = require('node:fs');
const process = require('node:process');

/* Loaded into a measured program. At SIGUSR2, collects garbage and adds the size of the heap to a file, in bytes. */

const {POE_BENCH_REPORT: path} = process.env;
process.on('SIGUSR2', () => {
  globalThis.gc();
  appendFileSync(path, `${process.memoryUsage().heapUsed}\n`);
});
