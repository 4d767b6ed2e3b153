import {PoeError} from '../../errors.js';
import {type ChatFiles, memoryChats} from './chat-files.js';

/**
 * Chat files that keep a chat in memory from the first message that cannot be stored: a message and its reply do not fail because
 * of a full disk. Other changes do.
 * @param onUnsaved called with each such failure, whose code is `store`
 */
export function keepUnsaved(files: ChatFiles, onUnsaved: (error: PoeError) => void): ChatFiles {
  const memory = memoryChats();
  return {
    codes: async () => [...new Set([...(await files.codes()), ...(await memory.codes())])],
    read: async (code) => (await memory.read(code)) ?? files.read(code),
    changedTime: async (code) => ((await memory.read(code)) === undefined ? files.changedTime?.(code) : undefined),
    async append(code, lines, options) {
      if ((await memory.read(code)) !== undefined) return memory.append(code, lines, options);
      try {
        return await files.append(code, lines, options);
      } catch (error) {
        if (!(error instanceof PoeError) || !options.isMessage) throw error;
        onUnsaved(error);
        const stored = options.isNew ? '' : ((await files.read(code)) ?? '');
        // The failed write may have left a part of a line.
        return memory.append(code, stored.replace(/[^\n]$/, '$&\n') + lines, {...options, isNew: true});
      }
    },
    ...(files.media && {media: files.media}),
    async remove(code) {
      await memory.remove(code);
      await files.remove(code);
    },
  };
}
