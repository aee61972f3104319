import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { openTimeZones } from '../../../src/providers/time-zones/time-zones.ts';

const zones = openTimeZones();

describe('time zones', () => {
  const names = [
    'Europe/Zurich',
    'Europe/London',
    'Europe/Dublin',
    'America/New_York',
    'America/Chicago',
    'America/St_Johns',
    'Asia/Tokyo',
    'Asia/Kolkata',
    'Asia/Kathmandu',
    'Australia/Sydney',
    'Australia/Lord_Howe',
    'Pacific/Auckland',
    'Africa/Johannesburg',
    'Etc/GMT+5',
  ];
  for (const name of names) {
    it(`${name} has the distance from UTC that JavaScript knows, from 1975 to 2045`, () => {
      const zone = zones.find(name);
      assert.ok(zone);
      const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
      for (let at = Date.UTC(1975, 0, 1) / 1000; at < Date.UTC(2045, 0, 1) / 1000; at += 86_400 * 11)
        assert.equal(zone.at(at).offset, offsetOf(format, at), new Date(at * 1000).toISOString());
    });
  }

  it('tell when a period begins and ends, and what it is called', () => {
    const zurich = zones.find('Europe/Zurich')!;
    const [summer, winter] = [Date.UTC(2031, 2, 30, 1) / 1000, Date.UTC(2031, 9, 26, 1) / 1000];
    assert.deepEqual(zurich.at(summer), { abbreviation: 'CEST', offset: 7200, start: summer, end: winter });
    assert.equal(zurich.at(summer - 1).abbreviation, 'CET');
    assert.equal(zurich.at(-1e11).abbreviation, 'LMT');
    assert.equal(zurich.offsetOf('CEST', winter + 86_400), 7200);
    assert.equal(zurich.offsetOf('MSK', 0), undefined);
  });

  it('are unknown by other names', () => {
    for (const name of ['europe/zurich', 'Europe', '', '#', '../UTC', '__proto__'])
      assert.equal(zones.find(name), undefined);
  });

  it('say which file is missing', () => {
    const missing = openTimeZones(pathToFileURL('/nowhere/time-zones.txt'));
    assert.throws(() => missing.find('Europe/Zurich'), /ENOENT.*time-zones\.txt/);
  });
});

/** Seconds east of UTC. */
function offsetOf(format: Intl.DateTimeFormat, seconds: number): number {
  const text = format.formatToParts(seconds * 1000).find(({ type }) => type === 'timeZoneName')!.value;
  const [, sign, hours = '0', minutes = '0', rest = '0'] =
    /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text) ?? [];
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
  return sign === '-' ? -size : size;
}
