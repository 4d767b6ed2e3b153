import process from 'node:process';
import {build} from 'rolldown';
import {loadConfig} from 'rolldown/config';

/* node scripts/build/bundle.js CONFIG…   bundles like `rolldown -c`, but prints only warnings and errors. */

for (const path of process.argv.slice(2)) {
  const config = await loadConfig(path);
  if (typeof config === 'function') throw new Error(`${path} exports a function`);
  for (const options of [config].flat()) {
    await build({...options, checks: {...options.checks, pluginTimings: false}});
  }
}
