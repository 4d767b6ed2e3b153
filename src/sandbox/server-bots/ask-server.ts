import {createParser} from 'eventsource-parser';

/** A server that writes the replies of a bot. */
export interface BotServer {
  readonly url: string;
  /** Its access key; null for none. */
  readonly key: string | null;
}

/** An event of a reply. */
export interface ReplyEvent {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Why a server gave no reply. */
export class ServerFailure extends Error {}

const loopback = /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Asks the server of a bot as Poe does.
 * @returns the events before `done`
 * @throws ServerFailure also if the server is not on this machine, because the sandbox connects to no other
 */
export async function* askServer(
  {url, key}: BotServer,
  query: object,
  signal: AbortSignal,
): AsyncGenerator<ReplyEvent, void, undefined> {
  if (!URL.canParse(url) || !loopback.test(new URL(url).hostname)) {
    throw new ServerFailure(`The sandbox asks only servers on this machine, not ${url}`);
  }
  const events: ReplyEvent[] = [];
  const parser = createParser({
    onEvent: ({event = '', data}) => void events.push({name: event, data: parseData(data)}),
  });
  const decoder = new TextDecoder();
  for await (const chunk of bodyOf(await post(url, key, query, signal))) {
    parser.feed(decoder.decode(chunk, {stream: true}));
    for (const event of events.splice(0)) {
      if (event.name === 'done') return;
      yield event;
    }
  }
  throw new ServerFailure('The server of the bot ended its reply without "done"');
}

async function post(url: string, key: string | null, query: object, signal: AbortSignal): Promise<Response> {
  const headers = {'Content-Type': 'application/json', ...(key !== null && {Authorization: `Bearer ${key}`})};
  const response = await fetch(url, {method: 'POST', headers, body: JSON.stringify(query), signal}).catch(() => {
    signal.throwIfAborted();
    throw new ServerFailure(`The server of the bot cannot be reached at ${url}`);
  });
  if (response.ok) return response;
  await response.body?.cancel();
  throw new ServerFailure(`The server of the bot answered with HTTP ${response.status}`);
}

async function* bodyOf({body}: Response): AsyncGenerator<Uint8Array, void, undefined> {
  if (body) yield* body as AsyncIterable<Uint8Array>;
}

function parseData(data: string): ReplyEvent['data'] {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null ? {...value} : {};
  } catch {
    return {};
  }
}
