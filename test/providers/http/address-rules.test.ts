import assert from 'node:assert/strict';
import { createAddressRules } from '../../../src/providers/http/address-rules.ts';

describe('address rules', () => {
  const none = createAddressRules([]);

  const refused: readonly (readonly [address: string, kind: RegExp])[] = [
    ['169.254.169.254', /metadata/],
    ['169.254.170.2', /metadata/],
    ['100.100.100.200', /metadata/],
    ['168.63.129.16', /metadata/],
    ['fd00:ec2::254', /metadata/],
    ['169.254.0.1', /link-local/],
    ['fe80::1', /link-local/],
    ['127.0.0.1', /loopback/],
    ['127.9.9.9', /loopback/],
    ['0.0.0.0', /loopback/],
    ['::1', /loopback/],
    ['::', /loopback/],
    ['10.0.0.1', /private/],
    ['172.31.255.255', /private/],
    ['192.168.1.1', /private/],
    ['100.64.0.1', /private/],
    ['fd12::1', /private/],
    ['224.0.0.1', /reserved/],
    ['255.255.255.255', /reserved/],
    ['ff02::1', /reserved/],
    // The same in the clothes of IPv6: mapped, translated, 6to4, compatible.
    ['::ffff:169.254.169.254', /metadata/],
    ['::ffff:7f00:1', /loopback/],
    ['::ffff:10.0.0.1', /private/],
    ['64:ff9b::a9fe:a9fe', /metadata/],
    ['64:ff9b::10.0.0.1', /private/],
    ['2002:a9fe:a9fe::1', /metadata/],
    ['2002:0a00:0001::', /private/],
    ['::192.168.0.1', /private/],
  ];
  for (const [address, kind] of refused) {
    it(`refuse ${address}`, () => assert.match(none.refuse(address, 'host.example') ?? '', kind));
  }

  for (const address of ['1.1.1.1', '172.32.0.1', '192.169.0.1', '2606:4700::1111', '::ffff:8.8.8.8']) {
    it(`let ${address} through`, () => assert.equal(none.refuse(address, 'host.example'), undefined));
  }

  const allowed: readonly (readonly [allow: string, address: string, host: string, isAllowed: boolean])[] = [
    ['loopback', '127.0.0.1', 'localhost', true],
    ['loopback', '::1', 'localhost', true],
    ['loopback', '10.0.0.1', 'h', false],
    ['private', '10.0.0.1', 'h', true],
    ['private', '127.0.0.1', 'h', false],
    ['private', '169.254.1.1', 'h', false],
    ['private', '100.100.100.200', 'h', false],
    ['private', 'fd00:ec2::254', 'h', false],
    ['10.1.0.0/16', '10.1.2.3', 'h', true],
    ['10.1.0.0/16', '10.2.0.1', 'h', false],
    ['10.1.0.0/16', '::ffff:10.1.2.3', 'h', true],
    ['169.254.169.254', '169.254.169.254', 'h', true],
    ['fd00::/8', 'fd12::1', 'h', true],
    ['metrics.internal', '10.0.0.1', 'Metrics.Internal.', true],
    ['metrics.internal', '10.0.0.1', 'other.internal', false],
    ['metrics.internal', '169.254.169.254', 'metrics.internal', false],
    ['*.internal', '10.0.0.1', 'a.b.internal', true],
    ['*.internal', '10.0.0.1', 'internal', false],
    ['*.internal', '10.0.0.1', 'xinternal', false],
  ];
  for (const [allow, address, host, isAllowed] of allowed) {
    it(`with ${allow} ${isAllowed ? 'let' : 'refuse'} ${address} of ${host}`, () =>
      assert.equal(createAddressRules([allow]).refuse(address, host) === undefined, isAllowed));
  }

  for (const entry of ['10.0.0.0/33', '10.0.0', 'a b', 'http://x', '*', ''])
    it(`take no ${JSON.stringify(entry)}`, () =>
      assert.throws(() => createAddressRules([entry]), /is none of/));
});
