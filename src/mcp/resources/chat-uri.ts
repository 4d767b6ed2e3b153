const prefix = 'poe://chat/';

/** The template of the URIs of archived chats. */
export const chatUriTemplate = `${prefix}{code}`;

/** The URI of an archived chat. @param code or the number of a chat that has none */
export const chatUri = (code: string): string => prefix + encodeURIComponent(code);

/** The code in a URI; undefined if it names no chat. */
export function codeInUri(uri: string): string | undefined {
  const code = uri.startsWith(prefix) ? uri.slice(prefix.length) : '';
  try {
    return decodeURIComponent(code) || undefined;
  } catch {
    return undefined;
  }
}
