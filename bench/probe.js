import {writeFileSync} from 'node:fs';
import process from 'node:process';

/* Loaded into a program that is measured: writes down at its end what it has used. By then poe has cleared its environment. */

const {POE_BENCH_REPORT: path} = process.env;
process.on('exit', () => {
  const {userCPUTime, systemCPUTime, maxRSS} = process.resourceUsage();
  const report = {cpuMs: (userCPUTime + systemCPUTime) / 1000, rssMiB: maxRSS / 1024};
  writeFileSync(path, JSON.stringify(report));
});
