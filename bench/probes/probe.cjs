'use strict';
const {writeFileSync} = require('node:fs');

/*
 * Loaded into a measured program. Writes CPU time and memory to a file when the program exits. CommonJS, because Node's loader for ES
 * modules would add 5 ms to all programs, which makes ratios look better. poe clears its environment, so the path is read at the start.
 */

const {POE_BENCH_REPORT: path} = process.env;
process.on('exit', () => {
  const {userCPUTime, systemCPUTime, maxRSS} = process.resourceUsage();
  const report = {cpuMs: (userCPUTime + systemCPUTime) / 1000, rssMiB: maxRSS / 1024};
  writeFileSync(path, JSON.stringify(report));
});
