import {type ScriptEngine, openScriptEngine, type ScriptEngineOptions} from './script-engine.js';
import type {TagRecipe} from '../protocol/tag.js';
import {onWindow, quoted} from './script-patterns.js';
import {readTagRecipe, signatureName} from './tag-recipe.js';

/** The facts about the form key that the site's scripts contain. */
export interface Clues {
  /** The assignment of a marker that the decoder looks for. */
  marker?: string;
  /** The name of the function that returns the key. */
  keyFunction?: string;
  /** The name of the function that computes tag ids. */
  signer?: string;
}

export const cluesIn = (text: string): Clues => ({
  marker: markerIn(text),
  keyFunction:
    /=\s*["'`]([A-Za-z0-9]{12,})["'`],[\w$]+=null,setClientFormkey/.exec(text)?.[1] ??
    new RegExp(String.raw`useFormkeyDecode\s*=[\s\S]{0,400}?${onWindow}\(\)`).exec(text)?.[1],
  signer: signatureName(text),
});

/** The first assignment after the name. Searches once only: on a hostile page, repeated searches take too long. */
function markerIn(text: string): string | undefined {
  const at = text.search(/useFormkeyDecode\s*=/);
  return at === -1 ? undefined : assignment.exec(text.slice(at))?.[0];
}

const assignment = new RegExp(String.raw`${onWindow}\s*=\s*${quoted('[^"\'`]+')}`);

export interface FoundKey {
  /** 32 characters. */
  key: string;
  /** How tag ids are computed, if the page's own function could be called. */
  tag: TagRecipe | undefined;
  /** Whether the site's scripts name the function that returned the key, or name none. */
  isNamed: boolean;
}

/** Runs scripts in the engine and calls the functions they define on `window` until one returns a key. */
export async function findKey(
  scripts: readonly string[],
  {keyFunction, signer}: Clues,
  userAgent: string,
  limits: ScriptEngineOptions = {},
): Promise<FoundKey | undefined> {
  const engine = await openScriptEngine(limits);
  try {
    engine.run(
      `var window=globalThis,self=globalThis;window.document={hack:1};window.navigator={userAgent:${JSON.stringify(userAgent)}};`,
    );
    const before = new Set(globalFunctions(engine));
    for (const script of scripts) engine.run(script);
    const text = scripts.join('\n');
    const added = globalFunctions(engine).filter((name) => !before.has(name));
    const likely = namedLikeKeyFunctions(text).filter((name) => added.includes(name));
    const named = keyFunction === undefined ? [] : [keyFunction];
    const calls = [...new Set([...named, ...likely, ...added])].map((name) => `window[${JSON.stringify(name)}]()`);
    const key = firstKey(engine, [...calls, ...seededCalls(text)]);
    if (key === undefined) return undefined;
    const isNamed = named.every((name) => engine.evaluate(`typeof window[${JSON.stringify(name)}]`) === 'function');
    return {key, tag: signer === undefined ? undefined : readTagRecipe(engine, signer), isNamed};
  } finally {
    engine.close();
  }
}

/** Of the 64 characters of the seed, the places of those that make up the key (2026-08). */
const seedPlaces = [
  27, 53, 47, 48, 52, 14, 63, 7, 38, 28, 60, 30, 51, 42, 15, 40, 19, 16, 58, 11, 17, 36, 59, 50, 1, 26, 46, 62, 55, 20,
  56, 49,
];

/** The key for the seed that the page passes to its decoder, without the decoder. */
export function keyOfSeed(html: string): string | undefined {
  const seed = seededCall.exec(html)?.[2];
  return seed && seedPlaces.map((place) => seed.charAt(place)).join('');
}

const seededCall = new RegExp(String.raw`${onWindow}\(\s*${quoted('([0-9a-f]{64})')}\s*\)`);

/** The names of the functions on `window` that have no parameters. */
function globalFunctions(engine: ScriptEngine): string[] {
  const list = engine.evaluate(
    `Object.getOwnPropertyNames(window).filter(function(n){try{return typeof window[n]==="function"&&window[n].length===0}catch(e){return false}}).join(" ")`,
  );
  return list ? list.split(' ') : [];
}

/** Functions like `window.<name>=function(){return window…`, which have returned the form key since 2024-06. */
const namedLikeKeyFunctions = (text: string): string[] =>
  [...text.matchAll(keyFunctions)].flatMap(([, name]) => name ?? []);

const keyFunctions = new RegExp(
  String.raw`${onWindow}\s*=\s*(?:function\s*\(\)\s*\{\s*return\s+|\(\)\s*=>\s*)${onWindow}`,
  'g',
);

/** Calls of a decoder with a seed, `window.<decoder>("<seed>")`, seen since 2026. */
const seededCalls = (text: string): string[] =>
  [...text.matchAll(new RegExp(String.raw`${onWindow}\(\s*${quoted(String.raw`[\w-]{16,}`)}\s*\)`, 'g'))].map(
    ([call]) => call,
  );

function firstKey(engine: ScriptEngine, calls: readonly string[]): string | undefined {
  for (const call of calls) {
    const key = engine.evaluate(`String(${call}).slice(0,32)`);
    if (key && /^[0-9a-f]{32}$/i.test(key)) return key;
  }
  return undefined;
}
