import variant from '@jitl/quickjs-singlefile-mjs-release-sync';
import {newQuickJSWASMModuleFromVariant, newVariant, type QuickJSContext} from 'quickjs-emscripten-core';
import {PoeError} from '../../errors.js';

/** The engine counts badly what it takes, so that its memory is bounded from outside too. */
const memoryBytes = 48 * 1024 * 1024;
const pages = {initial: 256, maximum: 1024};
// Neither the language's types nor Node's have it.
declare const WebAssembly: {Memory: new (pages: {initial: number; maximum: number}) => object};
const stackBytes = 256 * 1024;
const timeMs = 5_000;
const longestText = 1_000_000;

export const timeLimitError = (message = `The script of Poe's page ran for longer than ${timeMs / 1000} seconds`) =>
  new PoeError('not_understood', message, {remedy: 'enter_form_key'});

/**
 * A JavaScript engine inside WebAssembly for scripts that came from outside. It has limits on memory, stack and time
 * (together, over its life) and no functions of its host: no network, no files, no timers, no `process`.
 */
export interface ScriptEngine {
  /** Runs a script as a page would: what it throws is its own affair. */
  run(script: string): void;
  /** The value of an expression if that is a string. */
  evaluate(expression: string): string | undefined;
  close(): void;
}

/** @throws PoeError `not_understood`, later, from `run` and `evaluate`, when a script outlives its time. */
export async function openScriptEngine(): Promise<ScriptEngine> {
  const wasm = await newQuickJSWASMModuleFromVariant(newVariant(variant, {wasmMemory: new WebAssembly.Memory(pages)}));
  const runtime = wasm.newRuntime();
  runtime.setMemoryLimit(memoryBytes);
  runtime.setMaxStackSize(stackBytes);
  const deadline = performance.now() + timeMs;
  runtime.setInterruptHandler(() => performance.now() > deadline);
  const context = runtime.newContext();
  return {
    run: (script) => void evaluate(context, script, deadline),
    evaluate: (expression) => evaluate(context, expression, deadline),
    close: () => {
      context.dispose();
      runtime.dispose();
    },
  };
}

function evaluate(context: QuickJSContext, code: string, deadline: number): string | undefined {
  const result = context.evalCode(code);
  if (performance.now() > deadline) {
    result.dispose();
    throw timeLimitError();
  }
  if (result.error) {
    result.error.dispose();
    return undefined;
  }
  const text = context.typeof(result.value) === 'string' ? context.getString(result.value) : undefined;
  result.value.dispose();
  return text !== undefined && text.length > longestText ? undefined : text;
}
