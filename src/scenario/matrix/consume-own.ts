/**
 * The user's own consumer settings as rows of the consume table. A file cannot say where the handler runs nor when the application
 * commits: with `enable.auto.commit` it is run as C1 and as C2 are, without as C4 is, and a note says so. All else is the file's: what it
 * leaves out has Kafka's default, and where the fault of a column must outlast one of its settings, the fault is made longer.
 */
import type { Micros } from '../../base/units.ts';
import type { ConsumerConfig } from '../../kafka/config/consumer.ts';
import { resolveConsumer } from '../../kafka/config/resolve.ts';
import type { FaultPlan } from '../../plan/faults.ts';
import type { GroupPlan } from '../../plan/groups.ts';
import type { KafkaVersion, Plan, RawSettings } from '../../plan/plan.ts';
import { wasFelt } from './consume-felt.ts';
import { type ConsumeColumn, consumeCellPlan, consumeColumns, consumeRows } from './consume-plan.ts';
import type { MatrixNote, MatrixRow } from './result.ts';
import type { Cell, OwnSettings } from './table.ts';

/** A row of the user's own with its cells, the control last. */
export interface OwnConsumeRow {
  readonly row: MatrixRow;
  readonly cells: readonly Cell[];
}

/** A member that is paused sleeps so much longer than its session. */
const beyondSessionUs: Micros = 15_000_000;
/** A fault that would have to be longer by more than this is not run: the cell says that there is no such fault. */
const longestStretchUs: Micros = 900_000_000;
/**
 * With `latest` or `none` everything but the first members comes so much later, and no record before the group has formed
 * (`group.initial.rebalance.delay.ms` twice): a new group passes over what was there before it, and every run would miss that.
 */
const laterUs: Micros = 2_500_000;
const formedUs: Micros = 7_500_000;

/** The rows; none without a consumer file. */
export function ownConsumeRows(own: OwnSettings, kafka: KafkaVersion): OwnConsumeRow[] {
  if (own.consumer === undefined) return [];
  const files = own.broker === undefined ? 1 : 2;
  const config = resolvedOwn(own.consumer, kafka);
  const settings = Object.fromEntries([
    ...Object.entries(own.consumer).map(([name, value]) => [`consumer.${name}`, String(value)]),
    ...Object.entries(own.broker ?? {}).map(([name, value]) => [`broker.${name}`, String(value)]),
  ]);
  return basesOf(config).map(({ id, like, handler }) => {
    const base = { ...consumeRows.find((row) => row.id === like)!, id };
    const row: MatrixRow = { id, label: { files, handler }, settings, isDefault: false };
    const cell = (column: ConsumeColumn | null): Cell => {
      const fitted: Fitted = column === null ? { column, stretchUs: 0 } : fittedTo(column, own.consumer!, config);
      return {
        id: id + (column?.letter ?? ''),
        row,
        column,
        ...(fitted.lastsUs === undefined ? {} : { lastsSeconds: fitted.lastsUs / 1_000_000 }),
        applicable: fitted.stretchUs <= longestStretchUs,
        truth: {},
        plans: () =>
          (column?.placements ?? [[]]).map((_, placement) =>
            withOwn(consumeCellPlan(base, fitted.column, placement, kafka), own, config, fitted),
          ),
        bit: wasFelt,
      };
    };
    return { row, cells: [...consumeColumns, null].map(cell) };
  });
}

/** What the rows take for granted. */
export function ownNotes({ consumer }: OwnSettings, kafka: KafkaVersion): MatrixNote[] {
  if (consumer === undefined) return [];
  const config = resolvedOwn(consumer, kafka);
  const rows = basesOf(config);
  const names = { rows: rows.map(({ id }) => id).join(', '), like: rows.map(({ like }) => like).join(', ') };
  const notes: MatrixNote[] = [{ code: config.enableAutoCommit ? 'own-auto-commit' : 'own-after-batch', values: names }];
  const reset = config.autoOffsetReset;
  if (reset !== 'earliest') notes.push({ code: 'own-reset', values: { rows: names.rows, reset } });
  if (consumer['group.instance.id'] !== undefined) notes.push({ code: 'own-instance-id', values: { rows: names.rows } });
  return notes;
}

/** A row of the user's own: which row it is run like, and the word of its label for that. */
interface Base {
  readonly id: string;
  readonly like: string;
  readonly handler: string;
}

function basesOf(config: ConsumerConfig): readonly Base[] {
  if (!config.enableAutoCommit) return [{ id: 'CY', like: 'C4', handler: 'every batch' }];
  return [
    { id: 'CY1', like: 'C1', handler: 'in the poll loop' },
    { id: 'CY2', like: 'C2', handler: 'in workers' },
  ];
}

/** The settings as they are in force in a group; one whose name the file leaves to the program. */
export function inGroup(consumer: RawSettings): RawSettings {
  return { 'group.id': 'billing', ...consumer };
}

function resolvedOwn(consumer: RawSettings, kafka: KafkaVersion): ConsumerConfig {
  return resolveConsumer(inGroup(consumer), kafka).config;
}

/** A column whose fault outlasts the user's settings, and by how much longer everything takes. */
interface Fitted {
  readonly column: ConsumeColumn | null;
  readonly stretchUs: Micros;
  /** Undefined where nothing had to be fitted. */
  readonly lastsUs?: Micros;
}

function fittedTo(column: ConsumeColumn, consumer: RawSettings, config: ConsumerConfig): Fitted {
  const { hangs } = column.handler ?? {};
  if (hangs !== undefined) {
    const own = consumer['max.poll.interval.ms'] !== undefined;
    const takesUs = own ? config.maxPollIntervalMs * 2_000 : hangs.takesUs;
    const stretchUs = Math.max(0, takesUs - hangs.takesUs);
    return { column: { ...column, handler: { ...column.handler, hangs: { ...hangs, takesUs } } }, stretchUs, lastsUs: takesUs };
  }
  const neededUs = config.sessionTimeoutMs * 1_000 + beyondSessionUs;
  let stretchUs = 0;
  let lastsUs: Micros | undefined;
  const longer = (fault: FaultPlan): FaultPlan => {
    if (fault.name !== 'pause' || fault.healAfterUs === undefined) return fault;
    const healAfterUs = Math.max(fault.healAfterUs, neededUs);
    stretchUs = Math.max(stretchUs, healAfterUs - fault.healAfterUs);
    lastsUs = healAfterUs;
    return { ...fault, healAfterUs };
  };
  const placements = column.placements.map((faults) => faults.map(longer));
  return { column: { ...column, placements }, stretchUs, ...(lastsUs === undefined ? {} : { lastsUs }) };
}

/** The plan with the user's settings, and with the time that they make it need. */
function withOwn(plan: Plan, own: OwnSettings, config: ConsumerConfig, { column, stretchUs }: Fitted): Plan {
  const group: GroupPlan = plan.groups![0]!;
  const consumer = { ...own.consumer };
  // One file cannot be the settings of two members where they say who of them it is.
  delete consumer['group.instance.id'];
  const sessionUs = config.sessionTimeoutMs * 1_000;
  const lateUs = config.autoOffsetReset === 'earliest' ? 0 : laterUs;
  const moreUs = stretchUs > 0 ? stretchUs : Math.max(0, sessionUs - sessionOf(plan));
  const { healAtUs, settleUs, events } = plan.limits;
  return {
    ...plan,
    brokerConfig: { ...plan.brokerConfig, ...own.broker },
    groups: [
      {
        ...group,
        memberStartsUs: group.memberStartsUs.map((startUs) => (startUs === 0 ? 0 : startUs + lateUs)),
        config: { ...column?.config, ...consumer },
      },
    ],
    producers: plan.producers.map(({ send, ...producer }) => {
      const startUs = lateUs === 0 ? send.startUs : Math.max(send.startUs + lateUs, formedUs);
      // The trickle, which is what goes on for long, is drawn out; the burst stays as it is.
      const everyUs = send.burst === 1 ? send.everyUs + Math.ceil(moreUs / (send.count - 1)) : send.everyUs;
      return { ...producer, send: { ...send, startUs, everyUs } };
    }),
    limits: { healAtUs: healAtUs + moreUs, settleUs: settleUs + sessionUs, events },
  };
}

/** session.timeout.ms of the rows that are not the user's, in microseconds. */
function sessionOf(plan: Plan): Micros {
  return resolveConsumer(inGroup(plan.groups![0]!.config), plan.kafka).config.sessionTimeoutMs * 1_000;
}
