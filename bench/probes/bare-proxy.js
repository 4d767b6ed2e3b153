import {Agent, createServer, request} from 'node:http';
import process from 'node:process';

/* A proxy that only passes bytes on: the least that a server between a program and Poe can do. Prints its URL. */

const [target] = process.argv.slice(2);
// A server closes idle connections after five seconds.
const agent = new Agent({keepAlive: true, timeout: 4_000});
const server = createServer((incoming, response) => {
  const {host: _host, ...headers} = incoming.headers;
  const call = request(target + incoming.url, {method: incoming.method, headers, agent}, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  incoming.pipe(call);
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({url: `http://127.0.0.1:${server.address().port}`})));
