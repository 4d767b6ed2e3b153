import type {ScriptEngine} from './script-engine.js';
import type {TagRecipe} from '../protocol/tag.js';
import {onWindow} from './script-patterns.js';

const key = 'kEy0123456789kEy0123456789kEy012';
const body = '{"bOdY":"decoy"}';
/** 32 different characters, so that the result shows where each one goes. */
const digest = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * Finds out how tag ids are computed by calling the page's own function with a digest function, a form key and a body that are easy to
 * recognize (parameters as from 2023 to 2026).
 * @param name of the function on `window`
 */
export function readTagRecipe(engine: ScriptEngine, name: string): TagRecipe | undefined {
  const call = `window[${JSON.stringify(name)}](function(s){window.__seen=String(s);return ${JSON.stringify(digest)}},${JSON.stringify(key)},${JSON.stringify(body)})`;
  const tag = engine.evaluate(`String(${call})`);
  const seen = engine.evaluate('window.__seen');
  if (tag === undefined || seen === undefined || !seen.includes(key) || !seen.includes(body)) return undefined;
  const places = [...tag].map((character) => digest.indexOf(character));
  if (places.length !== digest.length || places.includes(-1)) return undefined;
  const isPlain = places.every((place, index) => place === index);
  return {parts: partsOf(seen), places: isPlain ? null : places};
}

/** The name of the page's signature function, if the script calls it. */
export const signatureName = (script: string): string | undefined =>
  new RegExp(String.raw`getAPISig\s*=[\s\S]{0,200}?${onWindow}\(`).exec(script)?.[1];

const partsOf = (seen: string): TagRecipe['parts'] =>
  seen
    .split(new RegExp(`(${escaped(key)}|${escaped(body)})`))
    .filter((part) => part !== '')
    .map((part) => (part === key ? 'key' : part === body ? 'body' : {salt: part}));

const escaped = (literal: string) => literal.replaceAll(/[^\w]/g, String.raw`\$&`);
