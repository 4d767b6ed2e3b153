import {normalizeReference} from 'markdown-it/lib/common/utils.mjs';
import {Limits} from './limits.js';

/** The URLs that `[text][name]` and `![text][name]` refer to, by name. */
export type References = ReadonlyMap<string, string>;

/** What the rules share while they parse one text. */
export interface ParseContext {
  limits: Limits;
  references: Record<string, {href: string; title: string}>;
  hasFormulas: boolean;
  hasDefinitions: boolean;
  isGrowing: boolean;
  /** Whether there is a formula whose end may still arrive. */
  hasOpenFormula: boolean;
}

interface ParseOptions {
  references?: References | undefined;
  /** Whether formulas stay as they were written. Default: true. */
  hasFormulas?: boolean;
  /**
   * Whether `[name]: URL` defines what `[text][name]` refers to. Default: false, because a definition at the end of a text
   * would change what was printed long before.
   */
  hasDefinitions?: boolean;
  /** Whether more text may follow, with the end of a formula. Default: false. */
  isGrowing?: boolean;
}

/** @param text or its length */
export function parsing(
  text: string | number,
  {references = new Map(), hasFormulas = true, hasDefinitions = false, isGrowing = false}: ParseOptions = {},
): ParseContext {
  const byName = [...references].map(([name, href]) => [normalizeReference(name), {href, title: ''}]);
  return {
    limits: new Limits(typeof text === 'string' ? text.length : text),
    references: Object.fromEntries(byName),
    hasFormulas,
    hasDefinitions,
    isGrowing,
    hasOpenFormula: false,
  };
}

/** To find something in a text whatever the time it takes, which grows with its length. */
export const unlimitedParsing = (): ParseContext => ({
  limits: new Limits(Infinity),
  references: {},
  hasFormulas: true,
  hasDefinitions: false,
  isGrowing: false,
  hasOpenFormula: false,
});

/** markdown-it passes on whatever its caller gave, without a type. */
export const contextOf = ({env}: {env: unknown}): ParseContext => env as ParseContext;
