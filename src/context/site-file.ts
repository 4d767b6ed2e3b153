import {readFile} from 'node:fs/promises';
import {PoeError} from '../core/errors.js';
import {readFacts, type SiteFacts} from '../core/web/protocol/facts.js';

/** Reads facts about the site from a file that `poe doctor --export-site` wrote, or a person. @throws PoeError `file` */
export async function readSiteFile(path: string): Promise<SiteFacts> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unreadable(path, 'could not be read', error);
  });
  const facts = readFacts(parse(path, text));
  if (facts) return facts;
  throw unreadable(path, 'holds no facts about the site');
}

function parse(path: string, text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (error) {
    throw unreadable(path, 'is not JSON', error);
  }
}

const unreadable = (path: string, what: string, cause?: unknown) =>
  new PoeError('file', `${path} ${what}`, {hint: 'Write one with: poe doctor --export-site <path>', cause});
