import {execSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {TestProject} from 'vitest/node';

/** Builds the package once before the tests that run `bin/poe.js`, and creates a folder for its compiled code. */
export default function build(project: TestProject): () => void {
  execSync('npm run build', {stdio: ['ignore', 'ignore', 'inherit']});
  const compiledCode = mkdtempSync(join(tmpdir(), 'poe-code-'));
  project.provide('compiledCode', compiledCode);
  return () => rmSync(compiledCode, {recursive: true, force: true});
}
