import {execFileSync} from 'node:child_process';

/** Builds the command line once, so that the tests that start `bin/poe.js` start what the sources say. */
export default function build(): void {
  execFileSync(process.execPath, ['node_modules/rolldown/bin/cli.mjs', '-c', '--logLevel', 'silent'], {
    stdio: 'inherit',
  });
}
