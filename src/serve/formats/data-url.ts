import type {RequestFile} from './chat-request.js';
import {invalidRequest} from './invalid-request.js';

/** A file that is named by a URL: its content from a `data:` URL, or an `https:` URL as it is. @throws PoeError `usage` */
export function fileAt(url: string, name: string, where: string): RequestFile {
  if (/^https?:/i.test(url)) {
    if (!URL.canParse(url)) throw invalidRequest(where, 'is not a valid URL');
    return {name, url};
  }
  const match = /^data:([^,]*),/i.exec(url.slice(0, 1000));
  if (!match) throw invalidRequest(where, 'must be a data: URL or an https: URL');
  const [head, details = ''] = match;
  const data = url.slice(head.length);
  const content = /;\s*base64\s*$/i.test(details) ? decodeBase64(data, where) : decodePercent(data, where);
  return {name, content: requireContent(content, where)};
}

/** A file from base64, or from a `data:` URL, which some clients send instead. @throws PoeError `usage` */
export function fileOf(data: string, name: string, where: string): RequestFile {
  if (/^data:/i.test(data)) return fileAt(data, name, where);
  return {name, content: requireContent(decodeBase64(data, where), where)};
}

const requireContent = (content: Uint8Array, where: string): Uint8Array => {
  if (content.byteLength === 0) throw invalidRequest(where, 'is an empty file');
  return content;
};

/** Node ignores what is not base64, so the number of bytes is compared. */
function decodeBase64(text: string, where: string): Uint8Array {
  const content = Buffer.from(text, 'base64');
  const digits = text.length - (text.match(/[\s=]+/g)?.join('').length ?? 0);
  if (content.byteLength !== Math.floor((digits * 3) / 4)) throw invalidRequest(where, 'is not valid base64');
  return content;
}

function decodePercent(text: string, where: string): Uint8Array {
  try {
    return Buffer.from(decodeURIComponent(text));
  } catch {
    throw invalidRequest(where, 'is not a valid data: URL');
  }
}
