import {copyFileSync, existsSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import process from 'node:process';

/*
 * npm runs this before and after it packs. The packed package.json has no scripts, because npm warns users about the
 * install scripts of a package and `prepare` is only for clones, and no development dependencies.
 */

const original = 'package.json.original';

if (process.argv[2] === 'strip') strip();
else restore();

function strip() {
  restore();
  copyFileSync('package.json', original);
  const {
    scripts: _scripts,
    devDependencies: _dependencies,
    overrides: _overrides,
    ...manifest
  } = JSON.parse(readFileSync('package.json', 'utf8'));
  writeFileSync('package.json', `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** Also repairs what an interrupted run left behind. */
function restore() {
  if (existsSync(original)) renameSync(original, 'package.json');
}
