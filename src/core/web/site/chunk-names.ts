import {type ScriptEngine, openScriptEngine} from './script-engine.js';

const mostIds = 3_000;
const longestFunction = 400_000;

/**
 * The chunks that a webpack runtime can load, as paths below `_next/`. Its function from a chunk's id to the chunk's file is
 * called in the engine with every id that the runtime holds: as it runs, or cut out where the runtime does not run there.
 */
export async function chunksOfRuntime(runtime: string): Promise<string[]> {
  const engine = await openScriptEngine();
  try {
    const ids = JSON.stringify(idsIn(runtime));
    engine.run(watch);
    engine.run(runtime);
    const ran = namesBy(engine, 'window.__named[window.__named.length-1]', ids);
    if (ran.length > 0) return ran;
    for (const text of functionsIn(runtime)) {
      const names = namesBy(engine, `(${text})`, ids);
      if (names.length > 0) return names;
    }
    return [];
  } catch {
    // It took too long.
    return [];
  } finally {
    engine.close();
  }
}

/** Notes the function that any object is given as `u`: so webpack calls the one that names chunks. */
const watch = `var window=globalThis,self=globalThis;window.__named=[];Object.defineProperty(Object.prototype,"u",{configurable:true,set:function(f){
if(typeof f==="function")window.__named.push(f);Object.defineProperty(this,"u",{value:f,writable:true,configurable:true,enumerable:true})}});`;

function namesBy(engine: ScriptEngine, callee: string, ids: string): string[] {
  const named = engine.evaluate(
    `(function(f){return ${ids}.map(function(i){try{return f(i)}catch(e){return null}}).filter(function(s){return typeof s==="string"}).join("\\n")})(${callee})`,
  );
  return (named ?? '')
    .split('\n')
    .filter((name) => /^[\w./%[\]@~()-]+\.js$/.test(name) && !/(?:^|\W)undefined\W/.test(name))
    .map((name) => (name.startsWith('static/') ? name : `static/chunks/${name}`));
}

/** What may be the id of a chunk: the names in tables, and the numbers that something is compared with. */
function idsIn(runtime: string): (string | number)[] {
  const found = runtime.matchAll(/[{,]\s*["']?([\w$-]+)["']?\s*:\s*["'`]|(\d+)\s*={2,3}|={2,3}\s*(\d+)/g);
  const ids = new Set([...found].map(([, key, left, right]) => key ?? left ?? right ?? ''));
  return [...ids].slice(0, mostIds).map((id) => (/^\d+$/.test(id) ? Number(id) : id));
}

/** The functions of one parameter in whose text something ends in `.js`, the shortest first. */
function functionsIn(runtime: string): string[] {
  const starts = runtime.matchAll(
    /function\s*[\w$]*\s*\(\s*[\w$]+\s*\)\s*\{|(?:\(\s*[\w$]+\s*\)|\b[\w$]+)\s*=>\s*\{?/g,
  );
  return [...starts]
    .map(({0: head, index}) => runtime.slice(index, endOf(runtime, index + head.length, head.endsWith('{'))))
    .filter((text) => text.length <= longestFunction && /\.js["'`]/.test(text))
    .toSorted((one, other) => one.length - other.length);
}

/** Where a function's body ends: behind its brace, or before what an expression cannot go on with. */
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
