/**
 * Which operation must have come before which: `ww` when its value lies right before the other's in a log, `wr` when the other read what it
 * sent, `process` when one process did both, `realtime` when it was complete before the other began. A cycle of these is a contradiction.
 * After Elle (jepsen-io/elle, `src/elle/core.clj` and `txn.clj`), which names the cycles.
 */
import type { Operation, OperationType } from '../../history/operations.ts';
import { findCycles, Graph, Relation } from './cycles.ts';
import type { Edge, Finding } from './finding.ts';
import type { OperationNumber, Partition, ValueFacts } from './partition.ts';

/** Who read what, in columns. */
export interface ReadColumns {
  readonly readers: readonly OperationNumber[];
  readonly values: readonly ValueFacts[];
}

const nobody: readonly OperationNumber[] = [];

export class Dependencies {
  /** Complete operations that nothing complete since has followed: whatever begins now comes after each of them, and so after all. */
  private frontier: OperationNumber[] = [];
  /** An operation began at this frontier, which stays as it is from then on. */
  private frontierIsKept = false;
  /** By process: the frontiers at which its running operations began, oldest first. */
  private readonly running = new Map<string, (readonly OperationNumber[])[]>();
  /** By operation: the frontier at which it began. */
  private readonly began: (readonly OperationNumber[])[] = [];
  private readonly lastOk = new Map<string, OperationNumber>();
  /** By operation: the one that its process did before, -1 for none. */
  private readonly previous: OperationNumber[] = [];

  /** An operation begins. */
  invoked(process: string): void {
    this.frontierIsKept = true;
    const running = this.running.get(process);
    if (running === undefined) this.running.set(process, [this.frontier]);
    else running.push(this.frontier);
  }

  /** The process's oldest running operation is complete; it is number `number`. Without an invocation nothing is known of its beginning. */
  completed(process: string, number: OperationNumber, type: OperationType): void {
    const began = this.running.get(process)?.shift() ?? nobody;
    this.began.push(began);
    this.previous.push(type === 'ok' ? (this.lastOk.get(process) ?? -1) : -1);
    if (type !== 'ok') return;
    this.lastOk.set(process, number);
    // Without invocations the frontier only grows, and must not be copied each time.
    if (!this.frontierIsKept && began.length === 0) this.frontier.push(number);
    else this.frontier = [...this.frontier.filter((before) => !began.includes(before)), number];
    this.frontierIsKept = false;
  }

  /** One cycle of each kind for every knot of operations. */
  cycles(operations: readonly Operation[], partitions: readonly Partition[], reads: ReadColumns, ww: boolean): Finding[] {
    const graph = new Graph(operations.length);
    const before = new Map<ValueFacts, ValueFacts>();
    if (ww) {
      for (const partition of partitions) {
        for (const facts of partition.all()) {
          if (facts.place < 1) continue;
          const previous = partition.at(facts.place - 1)!;
          before.set(facts, previous);
          link(graph, previous.writer, facts.writer, Relation.ww);
        }
      }
    }
    for (let i = 0; i < reads.readers.length; i++) link(graph, reads.values[i]!.writer, reads.readers[i]!, Relation.wr);
    for (let number = 0; number < operations.length; number++) {
      link(graph, this.previous[number]!, number, Relation.process);
      for (const earlier of this.began[number]!) link(graph, earlier, number, Relation.realtime);
    }
    const byKey = new Map(partitions.map((partition) => [partition.key, partition]));
    return findCycles(graph).map(({ kind, nodes, relations }) => ({
      kind,
      operations: nodes.map((node) => operations[node]!),
      edges: nodes.map((node, i) => edge(relations[i]!, node, operations[nodes[(i + 1) % nodes.length]!]!, byKey, before)),
    }));
  }
}

function link(graph: Graph, from: OperationNumber, to: OperationNumber, relation: Relation): void {
  if (from >= 0 && to >= 0 && from !== to) graph.link(from, to, relation);
}

/** Says why operation number `from` came before `to`: the first of its values that shows it. */
function edge(
  relation: Relation,
  from: OperationNumber,
  to: Operation,
  partitions: ReadonlyMap<string, Partition>,
  before: ReadonlyMap<ValueFacts, ValueFacts>,
): Edge {
  if (relation === Relation.process) return { type: 'process', process: to.process };
  if (relation === Relation.realtime) return { type: 'realtime' };
  for (const action of to.actions) {
    if (relation === Relation.ww && action.kind === 'send') {
      const { key, value: next } = action;
      const previous = before.get(partitions.get(key)!.factsOf(next));
      if (previous?.writer === from) return { type: 'ww', key, value: previous.value, next };
    } else if (relation === Relation.wr && action.kind === 'poll') {
      for (const { key, records } of action.keys) {
        const read = records.find(({ value }) => partitions.get(key)!.factsOf(value).writer === from);
        if (read !== undefined) return { type: 'wr', key, value: read.value };
      }
    }
  }
  throw new Error('an edge comes from a value of its operations');
}
