import {randomBytes} from 'node:crypto';
import {PoeError} from '../../core/errors.js';
import {Uploader} from '../../core/api/ask/uploader.js';
import type {AttachFileOptions, FileSource} from '../bot.js';
import type {FileEvent} from '../events.js';
import type {PoeEndpoints} from './endpoints.js';

interface AttachDeps {
  endpoints: PoeEndpoints;
  accessKey: string;
  signal: AbortSignal;
}

/** Uploads a file to Poe with the access key of a bot. @throws PoeError */
export async function attachFile(
  source: FileSource,
  {isInline = false}: AttachFileOptions,
  {endpoints: {uploadUrl, timeoutMs, log}, accessKey, signal}: AttachDeps,
): Promise<FileEvent> {
  const uploader = new Uploader({url: uploadUrl, key: accessKey, timeoutMs, log});
  const [stored] = await uploader.upload([source], {signal});
  if (!stored || stored.url === null) throw new PoeError('not_understood', 'Poe returned no URL for the file');
  return {
    type: 'file',
    url: stored.url,
    contentType: stored.mimeType ?? 'application/octet-stream',
    name: stored.name ?? 'file',
    inlineRef: isInline ? randomBytes(6).toString('base64url') : null,
  };
}
