/**
 * The definitions once more, over a whole history at once and without any thought of speed: what the judge must agree with. Written from the
 * rules, not from the judge.
 */
import { carriesRecords, type Operation, type Value } from '../../../src/history/operations.ts';

type Log = Map<number, Set<Value>>;
type ByKey = Map<string, Value[]>;

const completed = (history: readonly Operation[]): Operation[] =>
  history.filter((operation) => operation.type !== 'invoke' && carriesRecords(operation));

function gather(operation: Operation, kind: 'send' | 'poll'): Map<string, { offset: number | null; value: Value }[]> {
  const all = new Map<string, { offset: number | null; value: Value }[]>();
  const add = (key: string, records: readonly { offset: number | null; value: Value }[]): void => {
    all.set(key, [...(all.get(key) ?? []), ...records]);
  };
  for (const action of operation.actions) {
    if (action.kind === 'send' && kind === 'send') add(action.key, [action]);
    if (action.kind === 'poll' && kind === 'poll') for (const { key, records } of action.keys) add(key, records);
  }
  return all;
}

const valuesOf = (operation: Operation, kind: 'send' | 'poll'): ByKey =>
  new Map([...gather(operation, kind)].map(([key, records]) => [key, records.map(({ value }) => value)]));

/** Why one operation comes before another: by index, `ww 3 7`. Every pair, not only neighbours. */
export function edgesOf(history: readonly Operation[], placesOf: (key: string) => readonly Value[]): Set<string> {
  const operations = completed(history);
  const edges = new Set<string>();
  const writer = (key: string, value: Value | undefined): Operation | undefined =>
    operations.findLast((operation) => value !== undefined && valuesOf(operation, 'send').get(key)?.includes(value));
  const link = (relation: string, from: Operation | undefined, to: Operation | undefined): void => {
    if (from !== undefined && to !== undefined && from !== to) edges.add(`${relation} ${from.index} ${to.index}`);
  };
  for (const key of new Set(operations.flatMap((operation) => [...valuesOf(operation, 'send').keys()]))) {
    const order = placesOf(key);
    order.forEach((value, i) => {
      // A value with several places has the last one.
      if (i > 0 && order.lastIndexOf(value) === i) link('ww', writer(key, order[i - 1]), writer(key, value));
    });
  }
  for (const reader of operations) {
    for (const [key, values] of valuesOf(reader, 'poll')) for (const value of values) link('wr', writer(key, value), reader);
  }
  const running = new Map<string, number[]>();
  const invokedAt = new Map<Operation, number>();
  history.forEach((operation, at) => {
    if (!carriesRecords(operation)) return;
    const began = running.get(operation.process) ?? [];
    running.set(operation.process, began);
    if (operation.type === 'invoke') began.push(at);
    else invokedAt.set(operation, began.shift() ?? -1);
  });
  const oks = operations.filter(({ type }) => type === 'ok');
  for (const first of oks) {
    for (const next of operations) {
      if (history.indexOf(first) < invokedAt.get(next)!) link('realtime', first, next);
      if (next.type === 'ok' && first.process === next.process && oks.indexOf(first) < oks.indexOf(next))
        link('process', first, next);
    }
  }
  return edges;
}

/** The kinds of cycles in the graph: per strongly connected part the worst, and what it does not imply. */
export function cycleKinds(edges: ReadonlySet<string>): string[] {
  const all = [...edges].map((edge) => edge.split(' ') as [string, string, string]);
  const reach = (relations: readonly string[]): ((from: string, to: string) => boolean) => {
    const reached = new Map<string, Set<string>>();
    for (const [relation, from, to] of all) {
      if (relations.includes(relation)) reached.set(from, (reached.get(from) ?? new Set()).add(to));
    }
    for (let grew = true; grew; ) {
      grew = false;
      for (const set of reached.values()) {
        for (const middle of [...set]) {
          for (const to of reached.get(middle) ?? []) {
            if (!set.has(to)) grew = true;
            set.add(to);
          }
        }
      }
    }
    return (from, to) => reached.get(from)?.has(to) ?? false;
  };
  const whole = reach(['ww', 'wr', 'process', 'realtime']);
  const kinds = new Set<string>();
  const specs: readonly [string, string[], string[], string[]][] = [
    ['G0', ['ww'], ['ww'], []],
    ['G1c', ['ww', 'wr'], ['wr'], ['G0']],
    ['G0-process', ['ww', 'process'], ['process'], ['G0']],
    ['G1c-process', ['ww', 'wr', 'process'], ['wr', 'process'], ['G0', 'G1c', 'G0-process']],
    ['G0-realtime', ['ww', 'realtime'], ['realtime'], ['G0', 'G0-process']],
    ['G1c-realtime', ['ww', 'wr', 'realtime'], ['wr', 'realtime'], ['G0', 'G1c', 'G0-process', 'G1c-process', 'G0-realtime']],
  ];
  const nodes = [...new Set(all.flatMap(([, from, to]) => [from, to]))];
  const partOf = (node: string): string => nodes.find((other) => other === node || (whole(node, other) && whole(other, node)))!;
  const foundIn = new Map<string, Set<string>>();
  for (const [kind, relations, required, impliedBy] of specs) {
    const within = reach(relations);
    const together = (a: string, b: string): boolean => a === b || (within(a, b) && within(b, a));
    for (const node of nodes) {
      const hasAll = required.every((relation) =>
        all.some(([of, from, to]) => of === relation && together(node, from) && together(node, to)),
      );
      const known = foundIn.get(partOf(node)) ?? new Set<string>();
      foundIn.set(partOf(node), known);
      if (!hasAll || impliedBy.some((worse) => known.has(worse))) continue;
      known.add(kind);
      kinds.add(kind);
    }
  }
  return [...kinds].toSorted((a, b) => (a < b ? -1 : 1));
}

/** Lines like `duplicate x 1 [0,1]`, sorted; cycles are left to {@link cycleKinds}. */
export function anomaliesOf(history: readonly Operation[]): string[] {
  const operations = completed(history);
  const okRead = new Map<string, Set<Value>>();
  for (const operation of operations) {
    if (operation.type !== 'ok') continue;
    for (const [key, values] of valuesOf(operation, 'poll')) {
      for (const value of values) okRead.set(key, (okRead.get(key) ?? new Set()).add(value));
    }
  }
  const mustHaveCommitted = (operation: Operation): boolean =>
    operation.type === 'ok' ||
    (operation.type === 'info' &&
      [...valuesOf(operation, 'send')].some(([key, values]) => values.some((value) => okRead.get(key)?.has(value))));

  const logs = new Map<string, Log>();
  const see = (key: string, offset: number | null, value: Value): void => {
    if (offset === null) return;
    const log = logs.get(key) ?? new Map<number, Set<Value>>();
    logs.set(key, log);
    log.set(offset, (log.get(offset) ?? new Set()).add(value));
  };
  for (const operation of operations) {
    const kinds = mustHaveCommitted(operation) ? (['send', 'poll'] as const) : (['poll'] as const);
    for (const kind of kinds) {
      for (const [key, records] of gather(operation, kind)) for (const { offset, value } of records) see(key, offset, value);
    }
  }
  const found: string[] = [];
  const writerOf = new Map<string, Operation>();
  const failed = new Set<string>();
  for (const operation of operations) {
    for (const [key, values] of valuesOf(operation, 'send')) {
      for (const value of values) {
        writerOf.set(`${key} ${value}`, operation);
        if (operation.type === 'fail') failed.add(`${key} ${value}`);
      }
    }
  }
  const sorted = (log: Log): [number, Set<Value>][] => [...log].sort(([a], [b]) => a - b);
  // The representative of an offset: the first value seen there. Sets keep that order, and proven sends come as late as their proof, so
  // histories with conflicts are compared without what depends on it.
  const places = new Map<string, Map<Value, number>>();
  for (const [key, log] of logs) {
    const of = new Map<Value, number>();
    sorted(log).forEach(([, values], place) => {
      of.set([...values][0]!, place);
    });
    places.set(key, of);
  }
  for (const [key, log] of logs) {
    sorted(log).forEach(([offset, values], index) => {
      if (values.size > 1) found.push(`inconsistent-offsets ${key} ${offset} ${index} ${list(values)}`);
    });
    const at = new Map<Value, number[]>();
    for (const [offset, values] of sorted(log)) for (const value of values) at.set(value, [...(at.get(value) ?? []), offset]);
    for (const [value, offsets] of at) if (offsets.length > 1) found.push(`duplicate ${key} ${value} [${offsets}]`);
    const first = new Map<Value, number>();
    const last = new Map<Value, number>();
    sorted(log).forEach(([, values], place) => {
      for (const value of values) {
        if (!first.has(value)) first.set(value, place);
        last.set(value, place);
      }
    });
    const bound = Math.max(-1, ...[...(okRead.get(key) ?? [])].map((value) => first.get(value) ?? -1));
    for (const [value, place] of last) {
      const writer = writerOf.get(`${key} ${value}`);
      if (place > bound || okRead.get(key)?.has(value) || writer === undefined || !mustHaveCommitted(writer)) continue;
      found.push(`lost-write ${key} ${value} ${first.get(value)} ${bound}`);
    }
  }
  const compare = (skips: string | null, back: string, key: string, a: Value, b: Value, where: string): void => {
    const [i, j] = [places.get(key)?.get(a), places.get(key)?.get(b)];
    const delta = i === undefined || j === undefined ? 1 : j - i;
    if (delta > 1 && skips !== null) found.push(`${skips} ${key} ${a} ${b} ${delta} ${where}`);
    if (delta < 1) found.push(`${back} ${key} ${a} ${b} ${delta} ${where}`);
  };
  for (const operation of operations) {
    const polls = valuesOf(operation, 'poll');
    const sends = valuesOf(operation, 'send');
    for (const [key, values] of polls) {
      for (const value of values) {
        if (operation.type === 'ok' && failed.has(`${key} ${value}`)) found.push(`G1a ${key} ${value} ${operation.index}`);
      }
      if (operation.rebalanced.includes(key)) continue;
      for (let i = 1; i < values.length; i++) {
        compare('int-poll-skip', 'int-nonmonotonic-poll', key, values[i - 1]!, values[i]!, `${operation.index}`);
      }
    }
    for (const [key, values] of sends) {
      for (let i = 1; i < values.length; i++) {
        compare('int-send-skip', 'int-nonmonotonic-send', key, values[i - 1]!, values[i]!, `${operation.index}`);
      }
    }
    const own = [...sends].find(([key, values]) => values.some((value) => polls.get(key)?.includes(value)));
    if (own !== undefined) found.push(`precommitted-read ${own[0]} ${operation.index}`);
  }
  const unwritten = new Set(
    operations.flatMap((operation) =>
      [...valuesOf(operation, 'poll')].flatMap(([key, values]) => values.map((value) => `${key} ${value}`)),
    ),
  );
  for (const name of unwritten) if (!writerOf.has(name)) found.push(`no-writer ${name}`);
  for (const process of new Set(history.map((operation) => operation.process))) {
    let reads = new Map<string, Operation>();
    let sends = new Map<string, Operation>();
    for (const operation of history.filter((each) => each.process === process && each.type !== 'invoke')) {
      const { f, type } = operation;
      if (f === 'assign' || f === 'subscribe') {
        if (type === 'fail') continue;
        reads = new Map([...reads].filter(([key]) => operation.keys.includes(key)));
        sends = new Map([...sends].filter(([key]) => operation.keys.includes(key)));
        continue;
      }
      for (const [key, values] of valuesOf(operation, 'poll')) {
        const before = reads.get(key);
        const last = before === undefined ? undefined : valuesOf(before, 'poll').get(key)!.at(-1);
        if (before !== undefined && last !== undefined && values[0] !== undefined) {
          compare('poll-skip', 'nonmonotonic-poll', key, last, values[0], `${before.index} ${operation.index}`);
        }
        if (type === 'ok') reads.set(key, operation);
      }
      if (type === 'fail') continue;
      for (const [key, values] of valuesOf(operation, 'send')) {
        const before = sends.get(key);
        const last = before === undefined ? undefined : valuesOf(before, 'send').get(key)!.at(-1);
        if (before !== undefined && last !== undefined) {
          compare(null, 'nonmonotonic-send', key, last, values[0]!, `${before.index} ${operation.index}`);
        }
        sends.set(key, operation);
      }
    }
  }
  for (const key of new Set(operations.flatMap((operation) => [...valuesOf(operation, 'send').keys()]))) {
    const sent = operations
      .filter(({ type }) => type === 'ok')
      .flatMap((operation) => valuesOf(operation, 'send').get(key) ?? []);
    const unread = new Set(sent.filter((value) => !okRead.get(key)?.has(value)));
    if (unread.size > 0) found.push(`unseen ${key} ${list(unread)}`);
  }
  return found.toSorted((a, b) => (a < b ? -1 : 1));
}

function list(values: Iterable<Value>): string {
  return [...values]
    .map(String)
    .toSorted((a, b) => (a < b ? -1 : 1))
    .join(',');
}
