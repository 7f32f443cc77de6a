/**
 * What requests and results of campaigns look like in a file. They only check: what was read is used as it stands, so fields that a later
 * version adds and the order of keys survive.
 */
import * as z from 'zod';
import { strategies } from '../../explore/explore.ts';
import { kafkaVersions } from '../../plan/plan.ts';
import { cellHarms, tableNames } from '../../scenario/matrix/result.ts';

const count = z.int().min(0);
const text = z.string();
const nullableText = text.nullable();

/** A scenario's definition was checked when it was loaded; it is told apart from others, not run. */
const loadedScenario = z.looseObject({ name: text, file: text, definition: z.looseObject({}) });

const cases = z.array(
  z.strictObject({ scenario: count, case: nullableText, name: text, file: nullableText, line: count.nullable() }),
);

/** See `RunRequest`. */
export const runRequest = z
  .strictObject({
    scenarios: z.array(loadedScenario),
    cases,
    seeds: z.array(text.min(1)).min(1),
    mutant: nullableText,
    flags: text,
    bail: z.boolean(),
  })
  .refine(({ scenarios, cases }) => cases.every(({ scenario }) => scenario < scenarios.length));

const anomaly = z.looseObject({
  kind: text,
  record: nullableText,
  partition: nullableText,
  offset: z.int().nullable(),
  permitted: z.boolean(),
  permittedBy: z.array(text),
  because: z.looseObject({ code: text, params: z.record(text, z.union([text, z.number()])) }),
  events: z.array(count),
});

/** See `RunResult`. */
export const runResult = z.looseObject({
  schema: z.literal(1),
  scenario: text,
  case: nullableText,
  claim: text,
  engine: text,
  kafka: text,
  seed: text,
  traceHash: text,
  events: count,
  virtualMs: count,
  outcome: z.enum(['as-expected', 'expectation-broken', 'inconclusive']),
  settings: z.record(text, z.looseObject({ value: text, source: text })),
  counts: z.record(text, count),
  anomalies: z.array(anomaly),
  faults: z.array(z.looseObject({ name: text, target: text, atMs: z.number().nullable(), bit: z.boolean() })),
  expect: z.array(z.looseObject({ that: text, held: z.boolean(), found: text })),
  inconclusive: nullableText,
  replay: text,
});

/** See `ExploreRequest`. */
export const exploreRequest = z
  .strictObject({
    scenarios: z.array(loadedScenario),
    cases,
    strategy: z.enum(strategies),
    firstSeed: count,
    seeds: count.min(1),
    only: nullableText,
    twice: z.boolean(),
    mutant: nullableText,
    flags: text,
    bail: z.boolean(),
    out: nullableText,
  })
  .refine(({ scenarios, cases: all }) => all.every(({ scenario }) => scenario < scenarios.length));

/** See `Explored`. */
export const explored = z.looseObject({
  runs: count,
  events: count,
  bit: count,
  settled: count,
  cutOff: count,
  cannotTell: count,
  found: z.array(
    z.looseObject({
      fingerprint: z.looseObject({ kind: text, because: text, permitted: z.boolean() }),
      permittedBy: z.array(text),
      runs: count.min(1),
      seed: text,
      order: count,
    }),
  ),
  marks: z.record(text, count),
  failures: z.array(z.looseObject({ seed: text, order: count, message: text })),
});

const settings = z.record(text, text).optional();

/** See `MatrixRequest`. */
export const matrixRequest = z.looseObject({
  tables: z.array(z.enum(tableNames)).min(1),
  kafka: z.enum(kafkaVersions),
  firstSeed: count,
  seeds: count.min(1),
  full: z.boolean(),
  mutant: nullableText,
  own: z.strictObject({ producer: settings, broker: settings, topic: settings, consumer: settings }).nullable(),
  flags: text,
});

/** See `CellTally`. */
export const cellTally = z.looseObject({
  runs: count,
  bit: count,
  harmed: count,
  records: z.record(z.enum(cellHarms), z.array(count)),
  witness: count.nullable(),
  priceWitness: count.nullable(),
  cutOff: count,
});
