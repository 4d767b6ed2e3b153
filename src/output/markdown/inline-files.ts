import type {Attachment} from '../../core/model.js';

/** The URLs of the files that a text refers to by name, as in `![picture][name]`. */
export const referencesOf = (files: readonly Attachment[]): ReadonlyMap<string, string> =>
  new Map(files.flatMap(({inlineRef, url}) => (inlineRef === undefined || url === null ? [] : [[inlineRef, url]])));

/** Whether a text shows a file in place. */
export const isInline = ({inlineRef, url}: Attachment, text: string): boolean =>
  inlineRef !== undefined && url !== null && text.includes(`][${inlineRef}]`);

/** Puts the URLs of files in place of their names, so that the text is complete without them. */
export function withInlineUrls(text: string, files: readonly Attachment[]): string {
  let complete = text;
  for (const [name, url] of referencesOf(files)) complete = complete.replaceAll(`][${name}]`, () => `](<${url}>)`);
  return complete;
}
