import {BlockList, isIP} from 'node:net';
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
  const family = isIP(host);
  return family ? matchesAddress(name, host, family) : matchesDomain(name, host);
}

function parseEntry(entry: string): {name: string; entryPort: number | undefined} {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
  // What does not match is an IPv6 address without brackets, which cannot have a port.
  return {name: bracketed ?? plain ?? entry, entryPort: port === undefined ? undefined : Number(port)};
}

function matchesAddress(name: string, host: string, family: number): boolean {
  const [address = '', bits] = name.split('/');
  if (isIP(address) !== family) return false;
  const type = family === 6 ? 'ipv6' : 'ipv4';
  const maxBits = family === 6 ? 128 : 32;
  const length = bits === undefined ? maxBits : Number(bits);
  if (bits === '' || !Number.isInteger(length) || length < 0 || length > maxBits) return false;
  const range = new BlockList();
  range.addSubnet(address, length, type);
  return range.check(host, type);
}

function matchesDomain(name: string, host: string): boolean {
  const domain = name.replace(/^\*?\.|^\*/, '').replace(/\.$/, '');
  const ascii = domainToASCII(domain) || domain;
  const hostname = host.replace(/\.$/, '');
  if (ascii === '') return false;
  return hostname === ascii || hostname.endsWith(/^\*[^.]/.test(name) ? ascii : `.${ascii}`);
}
