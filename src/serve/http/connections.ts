import type {IncomingMessage, Server, ServerResponse} from 'node:http';
import type {Socket} from 'node:net';

/** Closes the connections that wait for a request, oldest first, if there are too many: they must not keep others from connecting. */
export function limitIdleConnections(server: Server, max: number): void {
  /** In the order in which they began to wait. */
  const idle = new Set<Socket>();
  /** The next request may arrive before the end of the response is known. */
  const busy = new WeakMap<Socket, number>();
  const wait = (socket: Socket) => {
    if (socket.destroyed || (busy.get(socket) ?? 0) > 0) return;
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
    busy.set(socket, (busy.get(socket) ?? 0) + 1);
    response.once('close', () => {
      busy.set(socket, (busy.get(socket) ?? 0) - 1);
      wait(socket);
    });
  };
  server.prependListener('request', onRequest);
  server.prependListener('checkContinue', onRequest);
}
