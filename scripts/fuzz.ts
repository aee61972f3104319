import { fuzzMutations, fuzzTexts, type Finding } from '../test/core/expression/fuzz.ts';

/** `npm run fuzz -- [SEED] [COUNT]`: evaluates changed and random expressions, prints what broke the rules, exit 1 if any. */
const [seed = 1, count = 200_000] = process.argv.slice(2).map(Number);
const slice = 10_000;
const findings: Finding[] = [];
for (let done = 0; done < count; done += slice) {
  findings.push(...fuzzMutations(Math.min(slice, count - done), seed + done));
  findings.push(...fuzzTexts(Math.min(slice, count - done) / 10, seed + done));
  console.error(
    `${Math.min(done + slice, count)} of ${count} changed expressions, ${findings.length} findings`,
  );
}
for (const { input, what } of findings) console.log(`${what}: ${JSON.stringify(input)}`);
console.log(
  `seed ${seed}: ${count} changed expressions, ${count / 10} random texts, ${findings.length} findings`,
);
process.exitCode = findings.length > 0 ? 1 : 0;
