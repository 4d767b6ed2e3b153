import {PoeError} from '../errors.js';
import {routeName} from './proxy-route.js';

const explanations: Record<string, [what: string, hint: string]> = {
  ENOTFOUND: ['has no address (DNS)', 'Check the network connection and the name.'],
  EAI_AGAIN: ['could not be looked up (DNS does not answer)', 'Check the network connection.'],
  ECONNREFUSED: ['refuses connections', 'Check that it is running and that no firewall or proxy stands between.'],
  ECONNRESET: ['cut the connection', 'Try again.'],
  EPIPE: ['cut the connection', 'Try again.'],
  ERR_STREAM_PREMATURE_CLOSE: ['cut the connection', 'Try again.'],
  ETIMEDOUT: ['does not answer', 'Check the network connection.'],
  PROXY_REFUSED: [
    'is not let through',
    'Check HTTPS_PROXY: http://<name>:<password>@<host>:<port> where the proxy wants to know who asks.',
  ],
  EPROTO: [
    'does not speak TLS',
    'Check the address, HTTPS_PROXY, and that no log-in page of the network stands between.',
  ],
  NO_HTTP: ['does not speak HTTP', 'Check the address: another program may listen there.'],
  CERT_HAS_EXPIRED: [
    'has a certificate that has expired',
    'Check the clock of this machine; if it is right, the site is at fault.',
  ],
  CERT_NOT_YET_VALID: ['has a certificate that is not valid yet', 'Set the clock of this machine.'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'shows the certificate of another host',
    'A log-in page of the network may stand between: open the site in a browser.',
  ],
  ENETUNREACH: ['cannot be reached from this network', 'Check the network connection.'],
  EHOSTUNREACH: ['cannot be reached from this network', 'Check the network connection.'],
};

/** Says which part of the way to a host failed: DNS, connection, TLS or proxy. */
export function networkError(error: unknown, url: URL): PoeError {
  const code = codeOf(error);
  const known = explanations[familyOf(code)];
  const tls = !known && /^(?:ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code);
  const [what, hint] = tls
    ? [
        `has no trustworthy certificate (TLS: ${code})`,
        'A proxy that opens TLS needs its certificate in NODE_EXTRA_CA_CERTS.',
      ]
    : (known ?? [`could not be reached${code && ` (${code})`}`, 'Check the network connection and HTTPS_PROXY.']);
  return new PoeError('network', `${routeName(url)} ${what}`, {hint, cause: error});
}

/** TLS and HTTP have a code for everything that can be wrong with what is said in them. */
function familyOf(code: string): string {
  if (code.startsWith('ERR_SSL_')) return 'EPROTO';
  return code.startsWith('HPE_') ? 'NO_HTTP' : code;
}

/** The first error code down the chain of causes. */
function codeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    at = at instanceof AggregateError ? at.errors[0] : at.cause;
  }
  return '';
}
