import {writeFileSync} from 'node:fs';
import process from 'node:process';

/* Loaded into a program that is measured: writes down at its end what it has used. */

process.on('exit', () => {
  const {userCPUTime, systemCPUTime, maxRSS} = process.resourceUsage();
  const report = {cpuMs: (userCPUTime + systemCPUTime) / 1000, rssMiB: maxRSS / 1024};
  writeFileSync(process.env.POE_BENCH_REPORT, JSON.stringify(report));
});
