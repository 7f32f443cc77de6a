/**
 * How many seeds, and how long, it takes to find each mutant: `npm run time-to-witness` writes `reports/time-to-witness.md`. A mutant is
 * looked for where `soak` looks: anything that no rule permits is a finding. What some mutants do the rules permit, after other faults; those
 * are looked for in a plan in which Kafka's own rules do no such thing. Seeds are exact; times are those of one thread of one machine.
 */
import { writeFileSync } from 'node:fs';
import { type Mutant, mutants } from '../../src/cluster/mutants.ts';
import { kafkaRules } from '../../src/cluster/rules.ts';
import { same } from '../../src/explore/finding.ts';
import { shrink } from '../../src/explore/shrink.ts';
import { witnessOf } from '../../src/explore/witness.ts';
import { markdownTable } from '../../src/report/markdown-table.ts';
import { sizesOf } from '../../src/report/sizes.ts';
import { firstFound, huntOf, most } from './hunts.ts';

/** Searches begin at so many seeds; the median is over them. */
const searches = 21;
const apart = 1000;
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function row(mutant: Mutant): string[] {
  const hunt = huntOf(mutant);
  const seeds: number[] = [];
  const times: number[] = [];
  let missed = 0;
  for (let i = 0; i < searches; i++) {
    const from = 1 + i * apart;
    const began = performance.now();
    const first = firstFound(hunt, mutant.rules, from);
    if (first === null) missed++;
    times.push(performance.now() - began);
    seeds.push(first === null ? most : first.seed - from + 1);
  }
  const first = firstFound(hunt, mutant.rules, 1)!;
  const { plan, choices } = hunt.draw(String(first.seed));
  const witness = witnessOf(plan, choices, mutant.rules, (found) => same(found, first.found))!;
  const small = sizesOf(shrink(witness, { rules: mutant.rules, runs: 5_000 }).witness);
  const size = `${small.brokers} / ${small.records} / ${small.faults} / ${small.choices}`;
  const falseAlarm = firstFound(hunt, kafkaRules, 1, 300) === null ? '0 of 300' : 'yes';
  const shown = `${first.found.kind} (${first.found.because})`;
  return [
    `\`${mutant.name}\``,
    hunt.where,
    `${median(seeds)}${missed > 0 ? ` (${missed} of ${searches} gave up)` : ''}`,
    String(first.seed),
    `${median(times).toFixed(0)} ms`,
    shown,
    size,
    falseAlarm,
  ];
}

const rows = mutants.map(row);
const heads = [
  'mutant',
  'looked for in',
  'median seeds',
  'from seed 1',
  'median time',
  'first shown as',
  'brokers / records / faults / choices',
  'Kafka’s rules',
];
const text = `# Time to the witness

How many seeds it takes to find each deliberate bug (\`src/cluster/mutants.ts\`): the median of ${searches} searches that begin ${apart} seeds
apart, and what the first one of the search from seed 1 shrinks to. Where the rules permit what a mutant does, it is looked for in a
plan of its own in which Kafka’s rules show no such thing; the last column counts false alarms of Kafka’s rules in the same places.
Seeds are exact, times those of one thread of one machine. Written by \`npm run time-to-witness\`.

${markdownTable(heads, rows).join('\n')}
`;
writeFileSync('reports/time-to-witness.md', text);
process.stdout.write(text);
