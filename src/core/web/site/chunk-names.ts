import {type ScriptEngine, openScriptEngine, type ScriptEngineOptions} from './script-engine.js';

const maxIds = 3_000;
const maxFunctionLength = 400_000;

/**
 * The chunks that a webpack runtime can load, as paths below `_next/`. Calls the runtime's function that maps a chunk id to a file name
 * with every id in the runtime. If the runtime does not run in the engine, functions are cut out of its text instead.
 */
export async function chunksOfRuntime(runtime: string, limits: ScriptEngineOptions = {}): Promise<string[]> {
  const engine = await openScriptEngine(limits);
  try {
    const ids = JSON.stringify(idsIn(runtime));
    engine.run(captureNaming);
    engine.run(runtime);
    const names = chunkNames(engine, 'window.__named[window.__named.length-1]', ids);
    if (names.length > 0) return names;
    for (const text of functionsIn(runtime)) {
      const cutOut = chunkNames(engine, `(${text})`, ids);
      if (cutOut.length > 0) return cutOut;
    }
    return [];
  } catch {
    // The time limit was exceeded.
    return [];
  } finally {
    engine.close();
  }
}

/** Captures functions that are assigned to a property `u`: webpack's name for the function that names chunks. */
const captureNaming = `var window=globalThis,self=globalThis;window.__named=[];Object.defineProperty(Object.prototype,"u",{configurable:true,set:function(f){
if(typeof f==="function")window.__named.push(f);Object.defineProperty(this,"u",{value:f,writable:true,configurable:true,enumerable:true})}});`;

function chunkNames(engine: ScriptEngine, callee: string, ids: string): string[] {
  const result = engine.evaluate(
    `(function(f){return ${ids}.map(function(i){try{return f(i)}catch(e){return null}}).filter(function(s){return typeof s==="string"}).join("\\n")})(${callee})`,
  );
  return (result ?? '')
    .split('\n')
    .filter((name) => /^[\w./%[\]@~()-]+\.js$/.test(name) && !/(?:^|\W)undefined\W/.test(name))
    .map((name) => (name.startsWith('static/') ? name : `static/chunks/${name}`));
}

/** Possible chunk ids: the keys of object literals, and numbers in comparisons. */
function idsIn(runtime: string): (string | number)[] {
  const matches = runtime.matchAll(/[{,]\s*["']?([\w$-]+)["']?\s*:\s*["'`]|(\d+)\s*={2,3}|={2,3}\s*(\d+)/g);
  const ids = new Set([...matches].map(([, key, left, right]) => key ?? left ?? right ?? ''));
  return [...ids].slice(0, maxIds).map((id) => (/^\d+$/.test(id) ? Number(id) : id));
}

/** The functions with one parameter whose text contains a `.js` file name, shortest first. */
function functionsIn(runtime: string): string[] {
  const starts = runtime.matchAll(
    /function\s*[\w$]*\s*\(\s*[\w$]+\s*\)\s*\{|(?:\(\s*[\w$]+\s*\)|\b[\w$]+)\s*=>\s*\{?/g,
  );
  return [...starts]
    .map(({0: head, index}) => runtime.slice(index, endOf(runtime, index + head.length, head.endsWith('{'))))
    .filter((text) => text.length <= maxFunctionLength && /\.js["'`]/.test(text))
    .toSorted((one, other) => one.length - other.length);
}

/** The end of a function body: after its closing brace, or, for an expression, before what cannot belong to it. */
function endOf(text: string, start: number, isBlock: boolean): number {
  let depth = isBlock ? 1 : 0;
  let quote = '';
  for (let at = start; at < text.length; at++) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === '\\') at++;
      else if (character === quote) quote = '';
    } else if (/["'`]/.test(character)) {
      quote = character;
    } else if (/[([{]/.test(character)) {
      depth++;
    } else if (/[)\]}]/.test(character)) {
      depth--;
      if (isBlock && depth === 0) return at + 1;
      if (depth < 0) return at;
    } else if (!isBlock && depth === 0 && /[,;]/.test(character)) {
      return at;
    }
  }
  return text.length;
}
