import type {IncomingMessage, Server, ServerResponse} from 'node:http';
import type {Socket} from 'node:net';

/**
 * Closes the connections that wait for a request, oldest first, if there are too many: they must not keep others from connecting.
 * @returns the responses of a connection that have not ended
 */
export function limitIdleConnections(server: Server, max: number): (socket: Socket) => readonly ServerResponse[] {
  /** In the order in which they began to wait. */
  const idle = new Set<Socket>();
  /** The next request may arrive before the end of the response is known. */
  const open = new WeakMap<Socket, Set<ServerResponse>>();
  const wait = (socket: Socket) => {
    if (socket.destroyed || (open.get(socket)?.size ?? 0) > 0) return;
    idle.add(socket);
    const [oldest] = idle;
    if (idle.size > max) {
      oldest?.destroy();
      if (oldest) idle.delete(oldest);
    }
  };
  server.on('connection', (socket: Socket) => {
    socket.once('close', () => idle.delete(socket));
    wait(socket);
  });
  const onRequest = ({socket}: IncomingMessage, response: ServerResponse) => {
    idle.delete(socket);
    const responses = open.get(socket) ?? new Set();
    open.set(socket, responses.add(response));
    response.once('close', () => {
      responses.delete(response);
      wait(socket);
    });
  };
  server.prependListener('request', onRequest);
  server.prependListener('checkContinue', onRequest);
  return (socket) => [...(open.get(socket) ?? [])];
}
