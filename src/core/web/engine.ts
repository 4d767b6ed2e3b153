import variant from '@jitl/quickjs-singlefile-mjs-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  shouldInterruptAfterDeadline,
} from 'quickjs-emscripten-core';
import {PoeError} from '../errors.js';

const memoryBytes = 64 * 1024 * 1024;
const stackBytes = 512 * 1024;
const timeMs = 5_000;

/**
 * A JavaScript engine inside WebAssembly for scripts that came from outside. It has limits on memory, stack and time
 * (together, over its life) and no functions of its host: no network, no files, no timers, no `process`.
 */
export interface Engine {
  /** Runs a script as a page would: what it throws is its own affair. */
  run(script: string): void;
  /** The value of an expression if that is a string. */
  evaluate(expression: string): string | undefined;
  close(): void;
}

/** @throws PoeError `not_understood`, later, from `run` and `evaluate`, when a script outlives its time. */
export async function openEngine(): Promise<Engine> {
  const wasm = await newQuickJSWASMModuleFromVariant(variant);
  const runtime = wasm.newRuntime();
  runtime.setMemoryLimit(memoryBytes);
  runtime.setMaxStackSize(stackBytes);
  const deadline = Date.now() + timeMs;
  runtime.setInterruptHandler(shouldInterruptAfterDeadline(deadline));
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
  if (Date.now() > deadline) {
    result.dispose();
    throw new PoeError('not_understood', `The script of Poe's page ran for longer than ${timeMs / 1000} seconds`, {
      hint: 'Give the form key by hand: poe login --help says where to find it.',
    });
  }
  if (result.error) {
    result.error.dispose();
    return undefined;
  }
  const text = context.typeof(result.value) === 'string' ? context.getString(result.value) : undefined;
  result.value.dispose();
  return text;
}
