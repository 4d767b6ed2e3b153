/** How many leading code units of a growing Markdown text are finished blocks. */
export function finishedLength(_markdown: string): number {
  return 0;
}
