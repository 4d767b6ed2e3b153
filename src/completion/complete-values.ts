import {values} from './values.js';

/* What bin/poe.js answers a shell’s Tab with: built as a program of its own, dist/complete-values.cjs. */

/**
 * @param args what stands behind `completion --values`: the kind of words and, perhaps, `--profile <name>`
 * @returns undefined where it asks for more than this
 */
export function answer(args: readonly string[], env: Readonly<Record<string, string | undefined>>): string | undefined {
  const [kind, flag, profile, ...more] = args;
  const isPlain = flag === undefined || (flag === '--profile' && profile !== undefined && more.length === 0);
  return kind !== undefined && isPlain ? values(kind, env, profile) : undefined;
}
