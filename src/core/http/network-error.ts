import {type ErrorDetails, type ErrorFacts, PoeError} from '../errors.js';
import {openFilesLimits} from '../open-files.js';
import {routeName} from './connect/proxy-settings.js';

type Explanation = readonly [predicate: string, details: ErrorDetails];

const lost: Explanation = ['closed the connection', {hint: 'Try again.'}];
const unreachable: Explanation = ['is unreachable from this network', {hint: 'Check your network connection.'}];

const limited = ({reason, hint}: (typeof openFilesLimits)['EMFILE']): Explanation => [
  `could not be reached: ${reason}`,
  {hint},
];

/** The meaning of Node's error codes. The host is the subject of the sentence. */
const explanations: Readonly<Record<string, Explanation>> = {
  ENOTFOUND: ['could not be resolved (DNS)', {hint: 'Check the host name and your network connection.'}],
  EAI_AGAIN: ['could not be resolved (DNS did not respond)', {hint: 'Check your network connection.'}],
  ECONNREFUSED: ['refused the connection', {hint: 'Check that it is running and that no firewall blocks it.'}],
  ECONNRESET: lost,
  EPIPE: lost,
  ERR_STREAM_PREMATURE_CLOSE: lost,
  // A compressed body without its end.
  Z_BUF_ERROR: lost,
  ETIMEDOUT: ['did not respond', {hint: 'Check your network connection.'}],
  EPROTO: [
    'does not speak TLS',
    {hint: 'Check the URL, and whether a login page of your network intercepts the connection.', remedy: 'check_proxy'},
  ],
  UNEXPECTED_UPGRADE: [
    'switched to another protocol (HTTP 101)',
    {hint: 'Check the URL, and whether a proxy intercepts the connection.'},
  ],
  NO_HTTP: ['does not speak HTTP', {hint: 'Check the URL: another program may be using that port.'}],
  BAD_COMPRESSION: [
    'sent data that cannot be decompressed',
    {hint: 'Check whether a proxy changes the connection, then try again.'},
  ],
  CERT_HAS_EXPIRED: [
    'has an expired certificate',
    {hint: 'Check the clock of this machine. If it is right, the site has to renew its certificate.'},
  ],
  CERT_NOT_YET_VALID: ['has a certificate that is not valid yet', {hint: 'Set the clock of this machine.'}],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'has a certificate for another host',
    {hint: 'A login page of your network may intercept the connection: open the site in a browser.'},
  ],
  ENETUNREACH: unreachable,
  EHOSTUNREACH: unreachable,
  EMFILE: limited(openFilesLimits.EMFILE),
  ENFILE: limited(openFilesLimits.ENFILE),
};

/** Reasons that a host cannot be reached now, but may be in a moment. */
const passingReasons: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
]);

/** The connection to a host could not be made, or was lost. */
export class NetworkError extends PoeError {
  /** Whether an established connection was lost. */
  readonly isDisconnect: boolean;
  /** Whether the next attempt may succeed: a connection was lost or could not be made for a reason that may pass. */
  readonly isTransient: boolean;

  constructor(message: string, errno: string, details: ErrorDetails) {
    super('network', message, details);
    this.isDisconnect = errno === 'ECONNRESET' || errno === 'EPIPE' || errno === 'Z_BUF_ERROR';
    this.isTransient = this.isDisconnect || passingReasons.has(errno);
  }
}

/**
 * Explains an error of Node's network modules: DNS, connection, TLS or proxy.
 * @param host the subject of the message
 * @param facts replace those of the explanation
 */
export function networkError(error: unknown, url: URL, host = routeName(url), facts: ErrorFacts = {}): NetworkError {
  const errno = findErrorCode(error);
  const [predicate, details] = explanations[familyOf(errno)] ?? explainUnknown(errno);
  return new NetworkError(`${host} ${predicate}`, errno, {...details, ...facts, cause: error});
}

function explainUnknown(errno: string): Explanation {
  if (/^(?:ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(errno)) {
    return [`has an untrusted certificate (TLS: ${errno})`, {remedy: 'trust_certificate'}];
  }
  const reason = errno && ` (${errno})`;
  return [`could not be reached${reason}`, {hint: 'Check your network connection.', remedy: 'check_proxy'}];
}

/** OpenSSL, Node's HTTP parser and its decompressors have a code for each kind of malformed data. */
function familyOf(errno: string): string {
  if (errno.startsWith('ERR_SSL_')) return 'EPROTO';
  if (/^(?:Z_(?!BUF_ERROR)|ERR__ERROR_FORMAT)/.test(errno)) return 'BAD_COMPRESSION';
  return errno.startsWith('HPE_') ? 'NO_HTTP' : errno;
}

/** The first error code in the chain of causes; '' if there is none. */
function findErrorCode(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    at = at instanceof AggregateError ? at.errors[0] : at.cause;
  }
  return '';
}
