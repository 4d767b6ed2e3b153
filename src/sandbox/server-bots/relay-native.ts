import type {ServerResponse} from 'node:http';
import {write} from '../api/reply-stream.js';
import {askServer, type BotServer, ServerFailure} from './ask-server.js';

/** Answers a query to the API with the reply of a bot's server. @returns the status */
export async function relayNative(
  server: BotServer,
  query: object,
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  response.writeHead(200, {...headers, 'Content-Type': 'text/event-stream; charset=utf-8'});
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  try {
    for await (const {name, data} of askServer(server, query, closed.signal)) {
      // Poe keeps it for the server.
      if (name !== 'data') await write(response, eventText(name, data));
      if (name === 'error') break;
    }
  } catch (error) {
    if (!(error instanceof ServerFailure)) {
      if (closed.signal.aborted) return 200;
      throw error;
    }
    await write(response, eventText('error', {allow_retry: true, text: error.message}));
  }
  response.end(eventText('done', {}));
  return 200;
}

const eventText = (name: string, data: object): string => `event: ${name}\r\ndata: ${JSON.stringify(data)}\r\n\r\n`;
