import {domainToASCII} from 'node:url';

/**
 * Whether NO_PROXY excludes a host from the proxy, as in curl: `poe.com`, `.poe.com` and `*.poe.com` cover the domain and all its
 * subdomains. Also understands ports (`poe.com:443`), IPv6 in brackets, and ranges of IP addresses (`10.0.0.0/8`).
 * @param list the value of NO_PROXY, separated by commas or spaces
 * @param hostname as in a URL: lower case, IPv6 in brackets
 */
export function bypassesProxy(list: string, hostname: string, port: number): boolean {
  const host = withoutBrackets(hostname);
  return list
    .toLowerCase()
    .split(/[,\s]+/)
    .filter(Boolean)
    .some((entry) => matches(entry, host, port));
}

export const withoutBrackets = (hostname: string): string => hostname.replaceAll(/[[\]]/g, '');

function matches(entry: string, host: string, port: number): boolean {
  if (entry === '*') return true;
  const {name, entryPort} = parseEntry(entry);
  if (entryPort !== undefined && entryPort !== port) return false;
  const address = parseAddress(host);
  return address ? matchesAddress(name, address) : matchesDomain(name, host);
}

function parseEntry(entry: string): {name: string; entryPort: number | undefined} {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
  // What does not match is an IPv6 address without brackets, which cannot have a port.
  return {name: bracketed ?? plain ?? entry, entryPort: port === undefined ? undefined : Number(port)};
}

interface Address {
  value: bigint;
  /** 32 or 128. */
  bits: number;
}

/** @param name an address, or a range such as `10.0.0.0/8` */
function matchesAddress(name: string, {value, bits}: Address): boolean {
  const [, text = '', length = String(bits)] = /^([^/]*)(?:\/(\d+))?$/.exec(name) ?? [];
  const range = parseAddress(text);
  const ignored = bits - Number(length);
  if (range?.bits !== bits || ignored < 0) return false;
  return value >> BigInt(ignored) === range.value >> BigInt(ignored);
}

/** Not with `node:net`: nothing else needs it to be loaded as a module, and sending a message would start later. */
function parseAddress(text: string): Address | undefined {
  const url = /^[\d.]+$/.test(text) ? `http://${text}` : `http://[${text}]`;
  if (!/^[\da-f.:]+$/.test(text) || !URL.canParse(url)) return undefined;
  const host = withoutBrackets(new URL(url).hostname);
  if (!host.includes(':')) return {value: join(host.split('.').map(Number), 8), bits: 32};
  const [start = [], end = []] = host.split('::').map((half) => half.split(':').filter(Boolean));
  const zeros = Array.from({length: 8 - start.length - end.length}, () => '0');
  return {
    value: join(
      [...start, ...zeros, ...end].map((group) => Number.parseInt(group, 16)),
      16,
    ),
    bits: 128,
  };
}

const join = (parts: readonly number[], bits: number): bigint =>
  parts.reduce((sum, part) => (sum << BigInt(bits)) | BigInt(part), 0n);

function matchesDomain(name: string, host: string): boolean {
  const domain = name.replace(/^\*?\.|^\*/, '').replace(/\.$/, '');
  const ascii = domainToASCII(domain) || domain;
  const hostname = host.replace(/\.$/, '');
  if (ascii === '') return false;
  return hostname === ascii || hostname.endsWith(/^\*[^.]/.test(name) ? ascii : `.${ascii}`);
}
