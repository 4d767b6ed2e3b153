'use strict';
const {readFileSync, writeFileSync} = require('node:fs');

/*
 * Loaded into a measured program. Writes CPU time and memory to a file when the program exits. CommonJS, because Node's loader for ES
 * modules would add 5 ms to all programs, which makes ratios look better. poe clears its environment, so the path is read at the start.
 */

const {POE_BENCH_REPORT: path} = process.env;
process.on('exit', () => {
  const {userCPUTime, systemCPUTime, maxRSS} = process.resourceUsage();
  const report = {cpuMs: (userCPUTime + systemCPUTime) / 1000, rssMiB: (peakOfProcess() ?? maxRSS) / 1024};
  writeFileSync(path, JSON.stringify(report));
});

/** The peak memory in KiB; undefined if the system does not tell. `maxRSS` includes what the program had that started this one. */
function peakOfProcess() {
  try {
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) || undefined;
  } catch {
    return undefined;
  }
}
