import {linkSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {inject, onTestFinished} from 'vitest';
import {builtIn} from '../../../src/core/web/protocol/facts.js';
import {userFormKey} from '../../../src/core/web/session/fact-cache.js';
import type {TestSandbox} from '../../../src/sandbox/faults/test-sandbox.js';
import type {Profile} from '../../../src/store/profile.js';

/*
 * What an earlier run of poe leaves in the configuration folder. Without it, programs spend half of their time on compiling code
 * and on searching the site for the form key.
 */

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder with the code that earlier tests have compiled. */
    compiledCode: string | undefined;
  }
}

/** Stores the form key and the facts about the site. */
export function storeSiteFacts(configDir: string, {formKey, site, tokens, url}: TestSandbox): void {
  const foundAt = new Date().toISOString();
  const profile: Profile = {
    foundFormKey: userFormKey(formKey, url, tokens),
    foundFacts: {facts: builtIn(site), baseUrl: url, foundAt},
  };
  writeFileSync(join(configDir, 'config.json'), JSON.stringify({profiles: {default: profile}}), {mode: 0o600});
}

/** Lets the programs of a test use the compiled code of earlier tests. */
export function shareCompiledCode(configDir: string): void {
  const shared = inject('compiledCode');
  // Tests of other programs than bin/poe.js run without the build.
  if (shared === undefined) return;
  const folder = join(configDir, 'cache', 'code');
  mkdirSync(folder, {recursive: true, mode: 0o700});
  for (const name of readdirSync(shared)) linkSync(join(shared, name), join(folder, name));
  onTestFinished(() => {
    // The larger file contains more of the program.
    for (const name of readdirSync(folder))
      if (sizeOf(join(folder, name)) > sizeOf(join(shared, name))) renameSync(join(folder, name), join(shared, name));
  });
}

const sizeOf = (path: string): number => statSync(path, {throwIfNoEntry: false})?.size ?? 0;
