import { BlockList, isIP } from 'node:net';

/** What an operator may allow by name beside networks and hosts. */
export const addressWords = ['loopback', 'private'] as const;

/** Which addresses of a network steps may connect to. */
export interface AddressRules {
  /**
   * Why a connection to an IP address is refused, in words such as `a loopback address`; undefined when it is allowed.
   * `host` is the name it was found under.
   */
  refuse(address: string, host: string): string | undefined;
}

/**
 * Rules that refuse what is no public address but for what `allow` names: `loopback`, `private`, a network (`10.1.0.0/16`),
 * an address, a host (`metrics.internal`) or all hosts of a domain (`*.internal`). Link-local addresses and those of cloud
 * metadata need a network or an address of their own. Throws an Error for anything else.
 */
export function createAddressRules(allow: readonly string[]): AddressRules {
  const words = new Set<string>();
  const networks = new BlockList();
  const hosts: string[] = [];
  for (const entry of allow) {
    if (isWord(entry)) words.add(entry);
    else if (!addNetwork(networks, entry)) hosts.push(readHost(entry));
  }
  return {
    refuse(address, host) {
      if (contains(networks, address)) return undefined;
      const kind = kindOf(address);
      if (kind === undefined) return undefined;
      const isStrict = kind === 'link-local' || kind === 'metadata';
      if (!isStrict && (words.has(kind) || hosts.some((pattern) => fits(host, pattern)))) return undefined;
      return descriptions[kind];
    },
  };
}

type Kind = keyof typeof descriptions;

const descriptions = {
  metadata: 'an address of cloud metadata',
  'link-local': 'a link-local address',
  loopback: 'a loopback address',
  private: 'a private address',
  reserved: 'a reserved address',
} as const;

/** The first that fits counts. Metadata of AWS, Google, Azure, Oracle and Alibaba; most have 169.254.169.254. */
const ranges: readonly (readonly [Kind, readonly string[]])[] = [
  [
    'metadata',
    [
      '169.254.169.254/32',
      '169.254.170.2/32',
      '100.100.100.200/32',
      '168.63.129.16/32',
      '192.0.0.192/32',
      'fd00:ec2::254/128',
      'fd20:ce::254/128',
    ],
  ],
  ['link-local', ['169.254.0.0/16', 'fe80::/10']],
  // Linux takes 0.0.0.0 for this very host.
  ['loopback', ['127.0.0.0/8', '0.0.0.0/8', '::1/128', '::/128']],
  [
    'private',
    [
      '10.0.0.0/8',
      '172.16.0.0/12',
      '192.168.0.0/16',
      '100.64.0.0/10',
      '198.18.0.0/15',
      'fc00::/7',
      'fec0::/10',
    ],
  ],
  ['reserved', ['192.0.0.0/24', '224.0.0.0/4', '240.0.0.0/4', 'ff00::/8', '100::/64', '2001:db8::/32']],
];

const lists = ranges.map(([kind, networks]) => {
  const list = new BlockList();
  for (const network of networks) addNetwork(list, network);
  return [kind, list] as const;
});

function kindOf(address: string): Kind | undefined {
  return lists.find(([, list]) => contains(list, address))?.[0];
}

function contains(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** Adds `10.1.0.0/16` or an address; says whether it was one. A network of IPv4 counts in its IPv6 clothes, too. */
function addNetwork(list: BlockList, text: string): boolean {
  const [, address = text, size] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const version = isIP(address);
  const bits = version === 6 ? 128 : 32;
  const prefix = size === undefined ? bits : Number(size);
  if (version === 0 || prefix > bits) return false;
  list.addSubnet(address, prefix, version === 6 ? 'ipv6' : 'ipv4');
  // An IPv4 address mapped into IPv6 is known to the list itself; translated (NAT64), 6to4 and compatible ones are not.
  if (version === 4) {
    list.addSubnet(`64:ff9b::${address}`, 96 + prefix, 'ipv6');
    list.addSubnet(`2002:${hex(address)}::`, 16 + prefix, 'ipv6');
    if (prefix > 8) list.addSubnet(`::${address}`, 96 + prefix, 'ipv6');
  }
  return true;
}

function hex(address: string): string {
  const [a, b, c, d] = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  return `${a}${b}:${c}${d}`;
}

function isWord(text: string): boolean {
  return (addressWords as readonly string[]).includes(text);
}

function readHost(text: string): string {
  const host = text.toLowerCase();
  if (/^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(host) && !/^[\d.]+$/.test(host)) return host;
  throw new Error(
    `${JSON.stringify(text)} is none of ${addressWords.join(', ')}, no network such as 10.1.0.0/16, no address and no host`,
  );
}

function fits(host: string, pattern: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return pattern.startsWith('*.') ? name.endsWith(pattern.slice(1)) : name === pattern;
}
