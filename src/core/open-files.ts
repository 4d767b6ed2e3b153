interface OpenFilesLimit {
  /** In lower case. */
  reason: string;
  hint: string;
}

/** By the system's code: why no more files and sockets can be opened, and what to do. */
export const openFilesLimits: Readonly<Record<'EMFILE' | 'ENFILE', OpenFilesLimit>> = {
  EMFILE: {
    reason: 'too many open files',
    hint: 'Raise the limit of open files, for example with: ulimit -n 1024',
  },
  ENFILE: {reason: 'too many open files on this machine', hint: 'Close other programs, then try again.'},
};

/** The limit that an error of the system reports; undefined if it has another reason. */
export function openFilesLimit(error: unknown): OpenFilesLimit | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EMFILE' || code === 'ENFILE' ? openFilesLimits[code] : undefined;
}
