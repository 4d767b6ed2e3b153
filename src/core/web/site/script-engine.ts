import packaged from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSSyncVariant,
} from 'quickjs-emscripten-core';
import {PoeError} from '../../errors.js';
import {CpuLimit} from './cpu-time.js';

// Its declarations are those of a CommonJS module, whose default export would be inside another one.
const variant = packaged as unknown as QuickJSSyncVariant;

/** The engine's own accounting is imprecise, so its WebAssembly memory is limited as well. */
const memoryBytes = 48 * 1024 * 1024;
const pages = {initial: 256, maximum: 1024};
// Neither TypeScript's ES2023 types nor Node's declare it.
declare const WebAssembly: {Memory: new (pages: {initial: number; maximum: number}) => object};
const stackBytes = 256 * 1024;
const defaultTimeLimitMs = 5_000;
const maxResultLength = 1_000_000;

const tooLong = (limitMs: number) => `The script of Poe's page took more than ${limitMs / 1000} seconds of CPU time`;

export const timeLimitError = (message = tooLong(defaultTimeLimitMs)) =>
  new PoeError('not_understood', message, {remedy: 'enter_form_key'});

/**
 * A JavaScript engine in WebAssembly for untrusted scripts. Memory, stack and total CPU time are limited. Scripts have no access to the
 * host: no network, no files, no timers, no `process`.
 */
export interface ScriptEngine {
  /** Runs a script. Ignores what it throws. */
  run(script: string): void;
  /** Evaluates an expression. @returns its value if that is a string */
  evaluate(expression: string): string | undefined;
  close(): void;
}

export interface ScriptEngineOptions {
  /** Milliseconds of this thread's CPU time that all scripts together may take. Default: 5000. */
  timeLimitMs?: number;
}

/** Opens an engine. Its `run` and `evaluate` throw a PoeError `not_understood` once the time limit is exceeded. */
export async function openScriptEngine({
  timeLimitMs = defaultTimeLimitMs,
}: ScriptEngineOptions = {}): Promise<ScriptEngine> {
  const {quickJsCode} = await import('./quickjs-code.js');
  const wasm = await newQuickJSWASMModuleFromVariant(
    newVariant(variant, {wasmBinary: quickJsCode().buffer, wasmMemory: new WebAssembly.Memory(pages)}),
  );
  const runtime = wasm.newRuntime();
  runtime.setMemoryLimit(memoryBytes);
  runtime.setMaxStackSize(stackBytes);
  const limit = new CpuLimit(timeLimitMs);
  runtime.setInterruptHandler(() => limit.isExceeded);
  const context = runtime.newContext();
  const evaluateInTime = (code: string) => {
    const value = evaluate(context, code);
    if (limit.isExceeded) throw timeLimitError(tooLong(timeLimitMs));
    return value;
  };
  return {
    run: (script) => void evaluateInTime(script),
    evaluate: evaluateInTime,
    close: () => {
      context.dispose();
      runtime.dispose();
    },
  };
}

function evaluate(context: QuickJSContext, code: string): string | undefined {
  const result = context.evalCode(code);
  if (result.error) {
    result.error.dispose();
    return undefined;
  }
  const text = context.typeof(result.value) === 'string' ? context.getString(result.value) : undefined;
  result.value.dispose();
  return text !== undefined && text.length > maxResultLength ? undefined : text;
}
