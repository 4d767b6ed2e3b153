import {clean} from './clean.js';

export interface Look {
  color: boolean;
  width: number;
}

/** Markdown for a terminal. */
export function renderMarkdown(markdown: string, _look: Look): string {
  return clean(markdown);
}
