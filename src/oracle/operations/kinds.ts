/**
 * The kinds of anomalies of an operation history, and which of them Kafka allows. The definitions are those of Jepsen's Kafka workload as
 * its code has them (jepsen-io/jepsen, `jepsen/src/jepsen/tests/kafka.clj`), not as its documentation does: no read-write dependencies, so
 * no G-single and no G2.
 */

/** What decides whether an anomaly is allowed. */
export interface Expectations {
  /** Consumers subscribe, so that partitions come and go between two polls. */
  readonly subscribed: boolean;
  /** The order of records in a partition counts as an order of the operations that sent them. */
  readonly wwDependencies: boolean;
}

type Allowed = 'never' | 'always' | 'when-subscribed' | 'with-ww-dependencies';

/** In the order in which they are told: from what is certainly lost or wrong to what is merely seen. */
export const anomalyKinds = {
  'lost-write': 'never',
  unseen: 'never',
  duplicate: 'never',
  'inconsistent-offsets': 'never',
  G1a: 'never',
  'precommitted-read': 'never',
  // Jepsen's analysis ends with an exception there.
  'no-writer': 'never',
  'int-nonmonotonic-poll': 'never',
  'int-poll-skip': 'never',
  'nonmonotonic-poll': 'when-subscribed',
  'poll-skip': 'when-subscribed',
  'int-nonmonotonic-send': 'never',
  'nonmonotonic-send': 'never',
  // Records of transactions interleave, and markers take offsets.
  'int-send-skip': 'always',
  // Kafka isolates no writes from each other.
  G0: 'always',
  'G0-process': 'always',
  'G0-realtime': 'always',
  // A cycle of writes and reads follows from that as soon as the order of writes counts.
  G1c: 'with-ww-dependencies',
  'G1c-process': 'with-ww-dependencies',
  'G1c-realtime': 'with-ww-dependencies',
} as const satisfies Record<string, Allowed>;

export type AnomalyKind = keyof typeof anomalyKinds;

export const kindNames = Object.keys(anomalyKinds) as readonly AnomalyKind[];

/** Kinds of cycles. */
export type CycleKind = Extract<AnomalyKind, `G0${string}` | `G1c${string}`>;

/** Whether Kafka promises nothing against an anomaly of this kind. */
export function isAllowed(kind: AnomalyKind, { subscribed, wwDependencies }: Expectations): boolean {
  switch (anomalyKinds[kind]) {
    case 'never':
      return false;
    case 'always':
      return true;
    case 'when-subscribed':
      return subscribed;
    case 'with-ww-dependencies':
      return wwDependencies;
  }
}
