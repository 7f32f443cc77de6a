/** Rows of Bhuiyan's rerun of Vanlightly's chaos scripts, as published, each with the case of a scenario that has its form. */

export interface ChaosRow {
  readonly id: string;
  readonly what: string;
  readonly acks: '0' | '1' | 'all';
  /** As published. `lost` is the high watermark less what was acknowledged: a lower bound. */
  readonly published: { readonly acknowledged: number; readonly failed: number; readonly lost: number };
  readonly scenario: string;
  readonly caseName: string;
}

const crash = '20-leader-crash-at-a-high-rate';
const zombie = '22-zombie-leader-isolated';
const cut = '23-leader-cut-from-zookeeper';

export const chaosRows: readonly ChaosRow[] = [
  row('S1', 'leader crashes, low rate', '0', [100_000, 0, 21], '01-fire-and-forget', 'breaks'),
  row('S2', 'leader crashes, low rate', '1', [99_974, 26, 0], crash, 'at-a-low-rate'),
  row('S2b', 'leader crashes, high rate', '1', [846_117, 153_883, 80], crash, 'breaks'),
  row('S3', 'leader crashes, high rate', 'all', [801_679, 198_321, 0], crash, 'mends'),
  row('S4', 'leader cut off from all but clients', '1', [95_513, 4_487, 35_588], zombie, 'breaks'),
  row('S5', 'leader cut off from all but clients', 'all', [51_029, 48_971, 0], zombie, 'mends'),
  row('S6', 'leader cut off from ZooKeeper alone', '1', [100_000, 0, 38_209], cut, 'breaks'),
  row('S7', 'leader cut off from ZooKeeper alone', 'all', [84_634, 15_366, 0], cut, 'mends'),
];

function row(
  id: string,
  what: string,
  acks: ChaosRow['acks'],
  [acknowledged, failed, lost]: readonly [number, number, number],
  scenario: string,
  caseName: string,
): ChaosRow {
  return { id, what, acks, published: { acknowledged, failed, lost }, scenario, caseName };
}
