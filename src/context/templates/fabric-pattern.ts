import type {Converted} from './template.js';

/**
 * Converts a pattern of fabric (2026): system.md has the instructions, user.md the beginning of the message. Its variables have
 * the same form; `{{input}}` in the instructions makes them the message.
 */
export function readFabricPattern(system: string, user: string): Converted {
  const ignored = [...new Set([...system.matchAll(extension), ...user.matchAll(extension)].map(([whole]) => whole))];
  const parts = {system: system.replaceAll('\r\n', '\n').trim(), user: user.replaceAll('\r\n', '\n').trim()};
  const hasInput = /\{\{\s*input\s*\}\}/.test(parts.system);
  const prompt = hasInput ? [parts.system, parts.user].filter(Boolean).join('\n\n') : parts.user;
  return {template: {...(!hasInput && {system: parts.system}), prompt}, ignored};
}

/** A call of one of fabric's extensions. It stays in the text as it is. */
const extension = /\{\{\s*(?:plugin|ext):[^}]*\}\}/g;
