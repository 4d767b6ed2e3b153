import {execSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import type {TestProject} from 'vitest/node';

/**
 * Builds the package once before the tests that run `bin/poe.js`, unless SKIP_BUILD says that this was just done. Creates a
 * folder for its compiled code.
 */
export default function build(project: TestProject): () => void {
  if (process.env['SKIP_BUILD'] !== '1') execSync('npm run build', {stdio: ['ignore', 'ignore', 'inherit']});
  const compiledCode = mkdtempSync(join(tmpdir(), 'poe-code-'));
  project.provide('compiledCode', compiledCode);
  return () => rmSync(compiledCode, {recursive: true, force: true});
}
