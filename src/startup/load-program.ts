import {readdirSync, readFileSync, rmSync, statSync} from 'node:fs';
import {dirname, join} from 'node:path';
import process from 'node:process';
import type {CommandTree} from '../completion/tree.js';
import {cacheFolder} from '../store/files/cache-folder.js';
import {openCodeCache, writeCodeCache} from './code-cache.js';
import {ScriptLoader} from './script-loader.js';

/*
 * bin/poe.js loads the program with this. Node 20 has no cache of compiled code; the one of Node 22 is in the folder for temporary
 * files, where another user may have put it, and contains no functions that are called later. The code of each command is a file of
 * its own, which contains exactly the functions that the command calls, and is written after the first successful run.
 */

/** Files that were written longer ago are deleted. They may belong to a version of poe that is no longer used. */
const maxAgeMs = 30 * 24 * 60 * 60 * 1000;
const extension = '.code';

interface ProgramFiles {
  /** The path of the module to load. */
  entry: string;
  /** The path of the tree of commands that the build wrote. */
  treePath: string;
}

interface LoadedProgram {
  /** What its module exports. */
  exports: unknown;
  /** Stores the compiled code, if there is more of it than before. To be called when the command has succeeded. Never throws. */
  storeCode(): void;
}

/**
 * Loads the program.
 * @param args the command line
 * @param options.require loads the modules of Node
 */
export function loadProgram(
  {entry, treePath}: ProgramFiles,
  args: readonly string[],
  {env, require}: {env: Readonly<Record<string, string | undefined>>; require: (id: string) => unknown},
): LoadedProgram {
  const folder = join(cacheFolder(env), 'code');
  // Compiled code depends on these. V8 would also reject it.
  const program = JSON.stringify([entry, process.version, process.arch]);
  const path = join(folder, `${commandOf(args, treePath)}-${shortHash(program)}${extension}`);
  const loader = new ScriptLoader(dirname(entry), {require, cache: openCodeCache(path, program)});
  return {
    exports: loader.load(entry),
    storeCode() {
      if (!loader.hasNew) return;
      deleteOldFiles(folder);
      writeCodeCache(path, program, loader.compiled());
    },
  };
}

/** The command that a command line runs, as far as it is known without parsing it. */
function commandOf([first = 'chat']: readonly string[], treePath: string): string {
  // Reading the tree takes half a millisecond, and most command lines send a message.
  if (first === 'send' || !/^[a-z-]+$/.test(first)) return 'send';
  try {
    const {root}: CommandTree = JSON.parse(readFileSync(treePath, 'utf8'));
    return root.commands.some(({name}) => name === first) ? first : 'send';
  } catch {
    // A build without this file runs, too.
    return 'send';
  }
}

/**
 * 16 hexadecimal digits for a text (FNV-1a). Two programs with the same digits would only replace each other's code. Loading
 * node:crypto for a better hash takes 3 ms.
 */
function shortHash(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}

function deleteOldFiles(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (name.endsWith(extension) && Date.now() - statSync(path).mtimeMs > maxAgeMs) rmSync(path, {force: true});
    }
  } catch {
    // There is no folder yet, or another process has deleted the file.
  }
}
