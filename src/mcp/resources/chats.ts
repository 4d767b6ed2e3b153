import {ErrorCode, type ListResourcesResult, type ReadResourceResult} from '@modelcontextprotocol/sdk/types.js';
import {PoeError} from '../../core/errors.js';
import {transcript} from '../../output/transcript/transcript.js';
import {ProtocolError} from '../errors.js';
import type {McpHost} from '../host.js';
import {chatUri, codeInUri} from './chat-uri.js';

const pageSize = 50;

/**
 * A page of the archived chats, the one used last first.
 * @param cursor from the page before
 * @throws ProtocolError for a cursor that is none
 */
export async function listChats(host: Pick<McpHost, 'openArchive'>, cursor?: string): Promise<ListResourcesResult> {
  const offset = cursor === undefined ? 0 : Number(cursor);
  if (!Number.isSafeInteger(offset) || offset < 0) throw new ProtocolError(ErrorCode.InvalidParams, 'Invalid cursor');
  const archive = await host.openArchive();
  try {
    const chats = archive.chats({offset, limit: pageSize + 1});
    const resources = chats.slice(0, pageSize).map(({chatCode, chatId, title, bot, lastInteractionTime}) => ({
      uri: chatUri(chatCode ?? String(chatId)),
      name: title ?? 'Untitled chat',
      description: bot === null ? undefined : `Chat with ${bot}`,
      mimeType: 'text/markdown',
      annotations: lastInteractionTime === null ? undefined : {lastModified: lastInteractionTime},
    }));
    return {resources, ...(chats.length > pageSize && {nextCursor: String(offset + pageSize)})};
  } finally {
    archive.close();
  }
}

/** An archived chat as Markdown. @throws ProtocolError if the archive has none with this URI */
export async function readChat(host: Pick<McpHost, 'openArchive'>, uri: string): Promise<ReadResourceResult> {
  const code = codeInUri(uri);
  const archive = await host.openArchive();
  try {
    const found = code === undefined ? undefined : archive.chat(code);
    if (!found) throw notFound(uri);
    return {contents: [{uri, mimeType: 'text/markdown', text: await transcript('md', found.chat, found.messages)}]};
  } finally {
    archive.close();
  }
}

/** The protocol gives this code to missing resources. */
const resourceNotFound = -32_002;

const notFound = (uri: string) =>
  new ProtocolError(resourceNotFound, `No archived chat has the URI ${JSON.stringify(uri)}`);

/** Whether there is no archive on this platform, so that there is nothing to list. */
export const isMissingArchive = (error: unknown): boolean => error instanceof PoeError && error.code === 'store';
