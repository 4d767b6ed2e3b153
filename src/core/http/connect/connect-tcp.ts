import type {LookupAddress} from 'node:dns';
import {Agent} from 'node:http';
import type {Socket} from 'node:net';
import {setTimeout} from 'node:timers/promises';

/** Where a connection leads. */
export interface Target {
  /** IPv6 without brackets. */
  hostname: string;
  port: number;
}

/** How long the connection to an address may take before the next address is tried as well (RFC 8305). */
const headStartMs = 250;

/** Errors that only mean that this machine cannot use the kind of address. */
const unusableAddress: ReadonlySet<unknown> = new Set(['ENETUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']);

export const isLocalName = (hostname: string): boolean => hostname.toLowerCase().endsWith('.localhost');

/** Whether a host name, as URLs have it, is an IP address. Node's own check compiles a regular expression for 2 ms. */
export const isAddress = (hostname: string): boolean => /:|^\d+(?:\.\d+){3}$/.test(hostname);

/** The name of a server for TLS; '' for an IP address. */
export const serverNameOf = ({hostname}: URL): string => (isAddress(hostname) ? '' : hostname);

/** Opens a TCP connection to one of the addresses of a host. @throws an error of Node; the reason of the aborted signal */
export async function connectTcp({hostname, port}: Target, signal: AbortSignal): Promise<Socket> {
  const addresses = await resolve(hostname);
  return connectToFirst(addresses, (address, attemptSignal) => open({address, port}, attemptSignal), signal);
}

/** The addresses of a host, most preferred first. `.localhost` names never go to DNS (RFC 6761). @throws an error of Node */
export async function resolve(hostname: string): Promise<string[]> {
  if (isLocalName(hostname)) return ['127.0.0.1'];
  if (isAddress(hostname)) return [hostname];
  const {lookup} = await import('node:dns');
  const found = await new Promise<LookupAddress[]>((resolve, reject) => {
    lookup(hostname, {all: true}, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });
  return alternateFamilies(found);
}

/** Keeps the order, but alternates between IPv6 and IPv4: if one of them does not work, the other one is tried soon. */
function alternateFamilies(found: readonly LookupAddress[]): string[] {
  const isFirst = ({family}: LookupAddress) => family === found[0]?.family;
  const first = found.filter(isFirst);
  const second = found.filter((entry) => !isFirst(entry));
  return Array.from({length: Math.max(first.length, second.length)}, (_, at) => [first[at], second[at]])
    .flat()
    .flatMap((entry) => entry?.address ?? []);
}

/**
 * Connects to the address that answers first. Node's own selection gives up on a connection that takes more than 250
 * ms; here that only starts an attempt at the next address.
 * @param connectTo opens a connection, and closes it when its signal is aborted meanwhile
 * @throws the error of an address if all failed; the reason of the aborted signal
 */
export async function connectToFirst(
  addresses: readonly string[],
  connectTo: (address: string, signal: AbortSignal) => Promise<Socket>,
  signal: AbortSignal,
): Promise<Socket> {
  signal.throwIfAborted();
  const [only, ...others] = addresses;
  // The signals below take a millisecond.
  if (only !== undefined && others.length === 0) return connectTo(only, signal);
  const found = new AbortController();
  const attemptSignal = AbortSignal.any([signal, found.signal]);
  let turn: Promise<unknown> = Promise.resolve();
  const attempts = addresses.map((address) => {
    const attempt = turn.then(() => {
      attemptSignal.throwIfAborted();
      return connectTo(address, attemptSignal);
    });
    const failed = attempt.catch(() => {});
    turn = turn.then(() => Promise.race([failed, setTimeout(headStartMs, undefined, {ref: false})]));
    return attempt;
  });
  try {
    const socket = await Promise.any(attempts);
    for (const attempt of attempts) attempt.then((other) => other !== socket && other.destroy()).catch(() => {});
    return socket;
  } catch (error) {
    signal.throwIfAborted();
    throw mostTelling(error instanceof AggregateError ? error.errors : [error]);
  } finally {
    found.abort();
  }
}

const mostTelling = (errors: readonly unknown[]): unknown =>
  errors.find((error) => !(error instanceof Error && 'code' in error && unusableAddress.has(error.code))) ?? errors[0];

/** Makes connections like `node:net`, which takes longer to load as a module. */
const connector = new Agent();

function open({address, port}: {address: string; port: number}, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // By default, agents create sockets of node:net.
    const socket = connector.createConnection({host: address, port}) as Socket;
    socket.setNoDelay(true);
    const abort = () => {
      socket.destroy();
      reject(signal.reason);
    };
    socket.once('connect', () => {
      signal.removeEventListener('abort', abort);
      resolve(socket);
    });
    // Stays: once the connection is wrapped in TLS, its user no longer listens here.
    socket.on('error', (error) => {
      signal.removeEventListener('abort', abort);
      reject(error);
    });
    signal.addEventListener('abort', abort, {once: true});
  });
}
