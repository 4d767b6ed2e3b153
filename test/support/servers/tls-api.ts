import {readFileSync} from 'node:fs';
import {request as httpRequest} from 'node:http';
import {createServer} from 'node:https';
import {withProgram} from '../program.js';
import {listen, localhostPem} from './proxy-server.js';

/** A sandbox whose API is behind TLS, the program, and the environment of a key for that API. */
export async function withTlsApi() {
  const program = await withProgram();
  const {apiUrl, apiKey} = program.sandbox;
  const pem = readFileSync(localhostPem);
  const server = createServer({key: pem, cert: pem}, (incoming, outgoing) => {
    const {method, headers, url = '/'} = incoming;
    const forwarded = httpRequest(new URL(url, apiUrl), {method, headers}, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(forwarded);
  });
  const port = await listen(server);
  const keyEnv = {
    POE_API_URL: `https://localhost:${port}`,
    POE_API_KEY: apiKey,
    NODE_EXTRA_CA_CERTS: localhostPem,
  };
  return {program, server, port, keyEnv};
}
