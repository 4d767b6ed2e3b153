import {readFileSync} from 'node:fs';
import * as v from 'valibot';
import {fileName} from '../../output/format/file-names.js';

export const manifestName = '.poe-export.json';

const Chats = v.record(
  v.string(),
  v.object({
    file: v.pipe(
      v.string(),
      v.check((name) => fileName(name) === name),
    ),
    title: v.nullable(v.string()),
    bot: v.nullable(v.string()),
    lastInteractionTime: v.nullable(v.string()),
    /** The URLs of files that the archive did not have. */
    missingFiles: v.optional(v.array(v.string())),
    /** Whether a bot was still writing in the chat. */
    isUnfinished: v.optional(v.boolean()),
    /** Whether a web page links to its images instead of containing them. */
    isWithoutImages: v.optional(v.boolean()),
  }),
);

const Manifest = v.strictObject({
  md: v.optional(Chats),
  json: v.optional(Chats),
  html: v.optional(Chats),
});

export type ExportedChats = v.InferOutput<typeof Chats>;

/** What was exported in each format, so that a chat keeps its file and is read again only after it has changed. */
export type ExportManifest = v.InferOutput<typeof Manifest>;

/** The manifest at a path. A damaged one only means that everything is exported again. @returns undefined if there is none */
export function readManifest(path: string): ExportManifest | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  return parsed(text) ?? {md: {}, json: {}, html: {}};
}

function parsed(text: string): ExportManifest | undefined {
  try {
    const result = v.safeParse(Manifest, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
