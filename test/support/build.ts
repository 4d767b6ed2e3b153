import {execSync} from 'node:child_process';

/** Builds the package once, so that the tests that start `bin/poe.js` start what the sources say. */
export default function build(): void {
  execSync('npm run build', {stdio: ['ignore', 'ignore', 'inherit']});
}
