/**
 * The shape of a scenario: one schema, from which come the type that TypeScript authors write, the check of YAML files, and
 * the JSON Schema for editors. It holds data only and transforms nothing, so what was written is what is kept. What refers to
 * what (topics, brokers, clients) is checked in `check-scenario.ts`; defaults are in `plan-of.ts`.
 */
import * as z from 'zod';
import { brokerRegistry, brokerSettings } from '../kafka/config/broker.ts';
import { consumerRegistry, consumerSettings } from '../kafka/config/consumer.ts';
import { producerRegistry, producerSettings } from '../kafka/config/producer.ts';
import { topicRegistry, topicSettings } from '../kafka/config/topic.ts';
import { type BecauseCode, becauseCodes } from '../oracle/because.ts';
import { harms } from '../oracle/verdict.ts';
import { commitModes, sinkKinds } from '../plan/groups.ts';
import { kafkaVersions, metadataModels, truncations } from '../plan/plan.ts';
import { type Duration, durationPattern } from './duration.ts';
import { faultKinds } from './fault-kinds.ts';
import { settingsSchema } from './settings-input.ts';

/** Custom checks name their code of `problem.ts` as the message. */
export const duration: z.ZodType<Duration, Duration> = z
  .string()
  .regex(durationPattern, { error: 'bad-duration' })
  .describe('A duration: 250us, 1ms, 1.5s, 20s, 3m.') as unknown as z.ZodType<Duration, Duration>;

const count = z.int().min(1);
const nth = count.describe('Which one, from 1.');
const partition = z
  .string()
  .regex(/^[a-zA-Z0-9._-]+-\d+$/, { error: 'bad-partition' })
  .describe('A partition: topic-0.');
const chance = z
  .string()
  .regex(/^\d{1,9}\/[1-9]\d{0,8}$/, { error: 'bad-ratio' })
  .describe('A probability as a fraction: 1/20.');

/** What to call a value of the wrong type where a spelling is asked for. */
export const spellings: ReadonlyMap<z.ZodType, 'bad-duration' | 'bad-ratio' | 'bad-partition'> = new Map<
  z.ZodType,
  'bad-duration' | 'bad-ratio' | 'bad-partition'
>([
  [duration, 'bad-duration'],
  [chance, 'bad-ratio'],
  [partition, 'bad-partition'],
]);

/** One-way delay of a link, or the time of an operation: fixed, or with a jitter drawn by dice. */
const timing = z.union([duration, z.strictObject({ base: duration, jitter: duration.optional() })]);

// ---- when, whom, what

/** When a fault happens. Times count from the first send. */
export const trigger = z.union([
  z.strictObject({ at: duration }),
  z.strictObject({ acked: z.strictObject({ producer: z.string(), nth }) }),
  z.strictObject({ sent: z.strictObject({ producer: z.string(), nth }) }),
  z.strictObject({ handled: z.strictObject({ group: z.string(), nth }) }),
  z.strictObject({ applied: z.strictObject({ group: z.string(), nth }) }),
  z.strictObject({ batchAppended: z.strictObject({ partition, nth }) }),
  z.strictObject({ leaderElected: z.strictObject({ partition, nth }) }),
  z.strictObject({ isrSize: z.strictObject({ partition, size: z.int().min(0) }) }),
  z.strictObject({ note: z.strictObject({ code: z.string(), nth }) }),
  z.strictObject({ afterFault: z.strictObject({ fault: z.int().min(0), delay: duration }) }),
  z.strictObject({ dice: z.strictObject({ every: duration, chance, budget: count }) }),
]);

/** Whom a fault hits. Roles are resolved when it happens. */
export const target = z.union([
  z.strictObject({ broker: count }),
  z.strictObject({ leader: partition }),
  z.strictObject({ follower: z.strictObject({ partition, nth }) }),
  z.strictObject({ followers: partition }),
  z.strictObject({ client: z.string() }),
  z.strictObject({ sameAs: z.int().min(0).describe('Index of the fault, from 0.') }),
  z.strictObject({ controller: count }),
  z.enum(['allBrokers', 'controller', 'allControllers', 'zookeeper']),
]);

const peers = z.enum(['brokers', 'controller', 'zookeeper', 'clients', 'brokers-and-controller', 'everyone']);
const direction = z.enum(['both', 'out', 'in']).describe('As the target sees it.');

const occasion = { when: trigger, jitter: duration.optional().describe('A delay before it, drawn by dice.') };
const down = { restartAfter: duration.optional().describe('Without it the process starts again when the run heals.') };
const lasting = { for: duration.optional().describe('Without it the fault lasts until the run heals.') };

/** One fault: what, whom, when, for how long. */
export const fault = z.union([
  z.strictObject({ crash: target, ...occasion, ...down }),
  z.strictObject({ powerLoss: target, tornWrite: z.boolean().optional(), ...occasion, ...down }),
  z.strictObject({ controlledShutdown: target, ...occasion, ...down }),
  z.strictObject({ pause: target, ...occasion, ...lasting }),
  z.strictObject({ isolate: target, from: peers.optional(), direction: direction.optional(), ...occasion, ...lasting }),
  z.strictObject({ reset: target, from: peers.optional(), ...occasion }),
  z.strictObject({ stall: target, from: peers.optional(), ...occasion, ...lasting }),
  z.strictObject({
    slowLink: target,
    by: duration,
    from: peers.optional(),
    direction: direction.optional(),
    ...occasion,
    ...lasting,
  }),
  z.strictObject({ slowDisk: target, append: duration.optional(), fsync: duration.optional(), ...occasion, ...lasting }),
  z.strictObject({ fsyncError: target, ...occasion, ...down }),
  z.strictObject({ fsyncLie: target, ...occasion, ...lasting }),
  z.strictObject({ moveLeader: partition, ...occasion }),
  z.strictObject({ diskFull: target, ...occasion, ...down }),
  z.strictObject({
    rot: target,
    partition,
    batch: nth.optional().describe('Which of the batches on the disk, from 1. Without it any.'),
    ...occasion,
  }),
  z.strictObject({
    deleteRecords: partition,
    before: z
      .int()
      .min(0)
      .optional()
      .describe('Offset of the first record to keep. Without it everything that is committed goes.'),
    ...occasion,
  }),
  z.strictObject({
    addPartitions: z.string().describe('A topic.'),
    to: z.int().min(2).max(1000).describe('How many partitions there are from then on.'),
    ...occasion,
  }),
  z.strictObject({
    alterConfig: z.string().describe('A topic.'),
    config: settingsSchema(topicSettings, topicRegistry).describe('Topic-level settings, as they are from then on.'),
    ...occasion,
  }),
  z.strictObject({
    reassign: partition,
    to: z.array(count).min(1).describe('The brokers that are to hold it, preferred leader first.'),
    ...occasion,
  }),
  z.strictObject({ cancelReassignment: partition, ...occasion }),
  z.strictObject({ dropResponse: target, ...occasion }),
]);

// ---- the cluster and its clients

const link = z.union([duration, z.strictObject({ latency: duration, jitter: duration.optional() })]);

const cluster = z.strictObject({
  brokers: z.int().min(1).max(100).optional(),
  racks: z.array(z.string().min(1)).optional().describe('broker.rack of each broker, in order: as many as there are brokers.'),
  metadata: z
    .enum(metadataModels as readonly ['kraft', 'zookeeper'])
    .optional()
    .describe('Who keeps the metadata: zookeeper up to 3.9, by default in 2.8; else kraft.'),
  controllers: z
    .int()
    .min(1)
    .max(7)
    .optional()
    .describe('How many controllers of KRaft there are: one, or a quorum, of which a majority has to be there.'),
  latency: timing.optional().describe('One-way delay of every link that links does not name.'),
  links: z
    .record(z.string(), link)
    .optional()
    .describe('By "from -> to": broker-1 -> broker-2,broker-3. Each direction is its own link; * is everyone.'),
  stalls: z
    .strictObject({ perMille: z.int().min(0).max(1000), for: duration })
    .optional()
    .describe('Of how many frames in 1,000 each is delayed, as by a retransmission.'),
  resetsPerMille: z.int().min(0).max(1000).optional().describe('How many frames in 1,000 reset their connection.'),
  config: settingsSchema(brokerSettings, brokerRegistry).optional(),
  features: z
    .strictObject({ 'eligible.leader.replicas.version': z.union([z.literal(0), z.literal(1)]).optional() })
    .optional()
    .describe('Features of the cluster, where they are not those of a new one of its version.'),
  truncation: z
    .enum(truncations)
    .optional()
    .describe('How followers find where their logs part from the leader: by what brokers of an older version did.'),
  disk: z
    .strictObject({
      fsync: timing.optional(),
      writeBack: duration.optional().describe('Age at which the system writes a dirty page back.'),
      writeBackBytes: z.int().min(0).optional().describe('Dirty bytes of a host above which the oldest are written back.'),
    })
    .optional(),
});

const topic = z.strictObject({
  partitions: z.int().min(1).max(1000).optional(),
  replicationFactor: count.optional(),
  assignment: z.array(z.array(count)).optional().describe('Brokers of each partition, preferred leader first.'),
  config: settingsSchema(topicSettings, topicRegistry).optional(),
});

const send = z.strictObject({
  count: z.int().min(1).max(1_000_000).optional(),
  start: duration.optional(),
  every: duration.optional(),
  burst: count.optional().describe('Records handed over at each tick.'),
  keys: z.int().min(0).optional().describe('How many keys, taken in turn; 0 sends without a key.'),
  valueBytes: z.int().min(0).optional(),
  oversize: z.strictObject({ every: count, valueBytes: count }).optional().describe('Every nth record is this large instead.'),
  partition: z.int().min(0).optional(),
});

const producer = z.strictObject({
  topic: z.string().optional().describe('May be left out where there is one topic.'),
  config: settingsSchema(producerSettings, producerRegistry).optional(),
  send: send.optional(),
  onFailure: z.enum(['callback', 'forget', 'sync']).optional().describe('What the application does about the outcome of a send.'),
  onRestart: z
    .enum(['resend', 'continue'])
    .optional()
    .describe('What it does after a restart about records it knows nothing of.'),
});

const validatesPositions = z
  .boolean()
  .optional()
  .describe(
    'Positions are held against the logs of new leaders (KIP-320), as Java consumers do since 2.1; not unless it is asked for.',
  );

const consumer = z.strictObject({
  topic: z.string().optional(),
  validatesPositions,
  config: settingsSchema(consumerSettings, consumerRegistry).optional(),
});

const group = z.strictObject({
  topic: z.string().optional(),
  members: z
    .union([z.int().min(1).max(50), z.array(duration).min(1)])
    .optional()
    .describe('How many, or when each of them starts, counted from the first send.'),
  config: settingsSchema(consumerSettings, consumerRegistry).optional(),
  pollTimeout: duration.optional().describe('What the application gives poll().'),
  handler: z
    .strictObject({
      takes: timing.optional().describe('How long one record takes.'),
      where: z.enum(['poll-loop', 'workers']).optional().describe('In the thread that polls, or handed to workers.'),
      workers: count.optional(),
      keyed: z.boolean().optional().describe('Records of one key always go to the same worker.'),
      throwsEvery: count.optional().describe('The handler throws for every nth record of a producer.'),
      onThrow: z.enum(['carry-on', 'close', 'crash']).optional().describe('What the application does about it.'),
      hangs: z
        .strictObject({ nth, takes: duration })
        .optional()
        .describe('The first time it is given the nth record of a producer it takes this long instead.'),
    })
    .optional(),
  commit: z.enum(commitModes).optional().describe('When the application commits; auto leaves it to poll().'),
  validatesPositions,
  sink: z.enum(sinkKinds).optional().describe('Where effects go, and whether one that comes again is done again.'),
});

// ---- what is expected

const comparison = z.union([
  z.int().min(0),
  z.string().regex(/^\s*(>=|<=|>|<|=)?\s*\d{1,9}\s*$|^\s*\d{1,9}\s*\.\.\s*\d{1,9}\s*$/, { error: 'bad-comparison' }),
]);

/**
 * What `expect` may count: outcomes of sends, harms, the price, what is seen of order beyond one partition
 * (`order.ts`), and of groups (`group-counts.ts`).
 */
export const countNames = [
  'sent',
  'acknowledged',
  'failed',
  'unknown',
  ...harms,
  'unavailable',
  'readOutOfOrder',
  'keysSpread',
  'handled',
  'applied',
  'idleMembers',
  'rebalances',
  'commitsRefused',
] as const;

const counts = Object.fromEntries(countNames.map((name) => [name, comparison.optional()])) as Record<
  (typeof countNames)[number],
  z.ZodOptional<typeof comparison>
>;

const cause = z.enum(Object.keys(becauseCodes) as [BecauseCode, ...BecauseCode[]]);

const expectation = z.strictObject({
  ...counts,
  because: z
    .union([cause, z.array(cause).min(1)])
    .optional()
    .describe('The only causes that the harms expected here may have.'),
});

const allow = z
  .array(z.union([z.enum(harms), z.strictObject({ harm: z.enum(harms), because: z.union([cause, z.array(cause).min(1)]) })]))
  .describe('Harms that may happen and need not, for any cause or for these alone.');

const scenarioCase = z.strictObject({
  set: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Paths of this scenario and their values: producers.p1.config.acks.'),
  allow: allow.optional(),
  expect: expectation,
});

const explore = z.strictObject({
  faults: z
    .strictObject({
      kinds: z
        .array(z.enum(faultKinds))
        .min(1)
        .optional()
        .describe('Faults that may exist beside those of the scenario; by default all.'),
      most: z.int().min(0).max(20).optional().describe('How many there are in one run at most.'),
      within: duration.optional().describe('Until when they come by themselves, counted from the first send.'),
      clients: z.boolean().optional().describe('Whether they hit clients, too; they do by default.'),
    })
    .optional(),
  vary: z
    .record(z.string(), z.array(z.unknown()).min(1))
    .optional()
    .describe('Paths of this scenario, and the values that may stand there: producers.p1.config.acks: [0, 1, all].'),
  network: z.boolean().optional().describe('Whether jitter, stalls and resets are drawn too; they are by default.'),
});

/** A whole scenario. */
export const scenarioSchema = z.strictObject({
  claim: z.string().min(1).describe('One sentence that the cases prove.'),
  source: z.string().optional().describe('Where the claim comes from.'),
  tags: z.array(z.string()).optional(),
  kafka: z
    .enum(kafkaVersions as readonly ['2.8', '3.9', '4.1'])
    .optional()
    .describe('Whose client and topic defaults.'),
  client: z.enum(['java']).optional().describe('Whose client.'),
  cluster: cluster.optional(),
  topics: z.record(z.string(), topic).optional(),
  producers: z.record(z.string(), producer).optional(),
  consumers: z.record(z.string(), consumer).optional(),
  groups: z.record(z.string(), group).optional().describe('By group.id.'),
  faults: z.array(fault).optional(),
  limits: z
    .strictObject({
      events: count.optional(),
      heal: duration.optional(),
      settle: duration
        .optional()
        .describe(
          'By default 180s; where there are groups the longest max.poll.interval.ms and 5s more, as a JoinGroup may hang.',
        ),
    })
    .optional()
    .describe('When the run gives up, heals (counted from the first send), and must be at rest.'),
  choices: z
    .record(z.string(), z.int().min(1).max(4294967295))
    .optional()
    .describe(
      'Choices that do not take their default, by "site#occurrence". With it nothing is left to dice, whatever the seed: ' +
        'a choice that is not named takes its default.',
    ),
  explore: explore.optional().describe('Within what `spillway explore` draws.'),
  cases: z.record(z.string(), scenarioCase).optional(),
  allow: allow.optional(),
  expect: expectation.optional().describe('Where there are no cases.'),
});

export type Scenario = z.input<typeof scenarioSchema>;
export type AllowInput = z.input<typeof allow>[number];
export type ScenarioCase = z.input<typeof scenarioCase>;
export type TriggerInput = z.input<typeof trigger>;
export type TargetInput = z.input<typeof target>;
export type FaultInput = z.input<typeof fault>;
export type PeersInput = z.input<typeof peers>;
export type DirectionInput = z.input<typeof direction>;
export type ExpectationInput = z.input<typeof expectation>;
export type TopicInput = z.input<typeof topic>;
export type ProducerInput = z.input<typeof producer>;
export type ConsumerInput = z.input<typeof consumer>;
export type GroupInput = z.input<typeof group>;
export type TimingInput = z.input<typeof timing>;
