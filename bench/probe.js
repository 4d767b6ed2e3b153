import {writeFileSync} from 'node:fs';
import process from 'node:process';

/* Loaded into a measured program. Writes CPU time and memory to a file when the program exits. poe clears its environment, so the path is read at the start. */

const {POE_BENCH_REPORT: path} = process.env;
process.on('exit', () => {
  const {userCPUTime, systemCPUTime, maxRSS} = process.resourceUsage();
  const report = {cpuMs: (userCPUTime + systemCPUTime) / 1000, rssMiB: maxRSS / 1024};
  writeFileSync(path, JSON.stringify(report));
});
