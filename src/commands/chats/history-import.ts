import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import type {ChatCopy} from '../../core/chat-copy.js';
import {interruption} from '../../core/errors.js';
import type {Chat} from '../../core/model.js';
import {addExamples, type Example} from '../shared/options/examples.js';

interface Imported {
  /** Chats that were stored. */
  chats: Chat[];
  /** Chats that are on this machine already. */
  known: Chat[];
}

export const historyImport = (context: Context) =>
  addExamples(new Command('import'), examples)
    .summary('Import exported chats')
    .description(
      'Store chats from a file on this machine, so that you can continue them with an API key. Reads the JSON of poe history export, and the conversations.json of an export from ChatGPT or Claude.',
    )
    .argument('<file...>', 'Exported file, or - for stdin')
    .option('-b, --bot <bot>', "Bot to continue with (default: the chat's bot)")
    .action(async (files: string[], {bot}: {bot?: string}) => {
      const copies: ChatCopy[] = [];
      // Nothing is stored if a file cannot be read.
      for (const file of files) copies.push(...(await readFile(file, context)));
      const imported = await store(copies, bot, context);
      const [first] = imported.chats;
      if (imported.chats.length === 1 && first) await context.remember(first);
      if (context.output.isJson) await context.output.list([...imported.chats, ...imported.known], [], {empty: ''});
      else context.output.text(report(imported));
    });

const examples: readonly Example[] = [
  ['poe history import chat.json'],
  ['poe history import -b Claude-Sonnet-4.6 conversations.json'],
];

async function readFile(file: string, {io, signal, output}: Context): Promise<ChatCopy[]> {
  const {readExportFile} = await import('../../context/read-export-file.js');
  return readExportFile(file, io.stdin, {signal, onWaiting: () => output.note('Waiting for input on stdin.')});
}

async function store(copies: readonly ChatCopy[], bot: string | undefined, context: Context): Promise<Imported> {
  const chats: Chat[] = [];
  const known: Chat[] = [];
  const local = await context.localChats();
  const spinner = await context.output.startSpinner('Importing chats');
  try {
    for (const [index, copy] of copies.entries()) {
      if (context.signal.aborted) throw interruption(context.signal);
      spinner.update(`Importing chat ${index + 1} of ${copies.length}`);
      const {chat, isNew} = await local.restore(copy, {bot});
      (isNew ? chats : known).push(chat);
    }
  } finally {
    spinner.stop();
  }
  return {chats, known};
}

function report({chats, known}: Imported): string {
  const [first] = chats;
  const already = known.length === 0 ? '' : `${count(known.length)} already on this machine`;
  if (!first) return already === '' ? 'There are no messages to import' : `Nothing to import: ${already}`;
  const imported =
    chats.length === 1
      ? `Imported as ${first.chatCode}: ${first.title}`
      : `Imported ${chats.length} chats. To list them: poe history`;
  return [imported, already].filter(Boolean).join('\n');
}

const count = (chats: number): string => (chats === 1 ? '1 chat is' : `${chats} chats are`);
