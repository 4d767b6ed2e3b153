import {execSync} from 'node:child_process';

/** Builds the package once before the tests that run `bin/poe.js`. */
export default function build(): void {
  execSync('npm run build', {stdio: ['ignore', 'ignore', 'inherit']});
}
