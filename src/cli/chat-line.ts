import {CommanderError} from 'commander';
import type {Context} from '../context/context.js';
import {commandOf, program} from './program.js';

/** Whether a command line opens a chat though it does not say so: on a terminal, without a message, and with options of `chat` only. */
export async function isChatLine(argv: readonly string[], context: Context): Promise<boolean> {
  const {io} = context;
  const [first] = argv;
  if (first === undefined) return io.stdin.isTTY === true;
  // Only now: opening stdin takes a while.
  if (!first.startsWith('-')) return false;
  if (!io.stdout.isTTY || !io.stdin.isTTY || argv.includes('--json') || commandOf(argv) !== 'send') return false;
  const [chat] = (await program(context, 'chat')).commands;
  try {
    const parsed = chat?.parseOptions([...argv]);
    return parsed !== undefined && parsed.operands.length === 0 && parsed.unknown.length === 0;
  } catch (error) {
    // The line is parsed again, and the error reported then.
    if (error instanceof CommanderError) return false;
    throw error;
  }
}
