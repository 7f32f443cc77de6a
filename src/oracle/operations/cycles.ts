/**
 * Cycles in a graph of operations. Each strongly connected part is searched for the worst kind of cycle first; a kind that a cycle already
 * found implies is not searched for, as Elle does it.
 */
import type { CycleKind } from './kinds.ts';

/** Why an edge is there; the numbers are bits. */
export const Relation = { ww: 1, wr: 2, process: 4, realtime: 8 } as const;
export type Relation = (typeof Relation)[keyof typeof Relation];

/** A kind of cycle: of which edges it consists, and of which it needs at least one each. */
interface CycleSpec {
  readonly kind: CycleKind;
  readonly allowed: number;
  readonly required: readonly Relation[];
  /** Found already when one of these is. */
  readonly impliedBy: readonly CycleKind[];
}

const { ww, wr, process, realtime } = Relation;

/** Worst first. */
const specs: readonly CycleSpec[] = [
  { kind: 'G0', allowed: ww, required: [ww], impliedBy: [] },
  { kind: 'G1c', allowed: ww | wr, required: [wr], impliedBy: ['G0'] },
  { kind: 'G0-process', allowed: ww | process, required: [process], impliedBy: ['G0'] },
  { kind: 'G1c-process', allowed: ww | wr | process, required: [wr, process], impliedBy: ['G0', 'G1c', 'G0-process'] },
  { kind: 'G0-realtime', allowed: ww | realtime, required: [realtime], impliedBy: ['G0', 'G0-process'] },
  {
    kind: 'G1c-realtime',
    allowed: ww | wr | realtime,
    required: [wr, realtime],
    impliedBy: ['G0', 'G1c', 'G0-process', 'G1c-process', 'G0-realtime'],
  },
];

/** A directed graph over `0 … size-1`, whose edges have a {@link Relation}. */
export class Graph {
  readonly size: number;
  private readonly from: number[] = [];
  private readonly to: number[] = [];
  private readonly relation: Relation[] = [];

  constructor(size: number) {
    this.size = size;
  }

  link(from: number, to: number, relation: Relation): void {
    this.from.push(from);
    this.to.push(to);
    this.relation.push(relation);
  }

  /** The edges with one of these relations, in rows by where they begin. */
  rows(allowed: number): Rows {
    const starts = new Int32Array(this.size + 1);
    for (let e = 0; e < this.from.length; e++) if ((this.relation[e]! & allowed) !== 0) starts[this.from[e]! + 1]!++;
    for (let i = 0; i < this.size; i++) starts[i + 1]! += starts[i]!;
    const at = starts.slice();
    const targets = new Int32Array(starts[this.size]!);
    const relations = new Uint8Array(targets.length);
    for (let e = 0; e < this.from.length; e++) {
      if ((this.relation[e]! & allowed) === 0) continue;
      const row = at[this.from[e]!]!++;
      targets[row] = this.to[e]!;
      relations[row] = this.relation[e]!;
    }
    return { starts, targets, relations };
  }
}

interface Rows {
  readonly starts: Int32Array;
  readonly targets: Int32Array;
  readonly relations: Uint8Array;
}

/** `relations[i]` is that of the edge from node i to the one after it. */
export interface Cycle {
  readonly kind: CycleKind;
  readonly nodes: readonly number[];
  readonly relations: readonly Relation[];
}

/** Strongly connected components: the number of each node's. */
interface Components {
  readonly of: Int32Array;
  readonly count: number;
}

/** One cycle of each kind for every strongly connected part, the shortest that was met. */
export function findCycles(graph: Graph): readonly Cycle[] {
  const whole = components(graph.rows(ww | wr | process | realtime), graph.size);
  if (whole.count === graph.size) return [];
  /** By part of the whole graph: what was found in it. */
  const found = new Map<number, Map<CycleKind, Cycle>>();
  for (const spec of specs) {
    const rows = graph.rows(spec.allowed);
    const parts = components(rows, graph.size);
    if (parts.count === graph.size) continue;
    const search = new Search(rows, parts.of, spec);
    for (const edges of edgesWithin(rows, parts.of, spec.required[0]!)) {
      const part = whole.of[edges[0]!.from]!;
      let known = found.get(part);
      if (known === undefined) found.set(part, (known = new Map()));
      if (spec.impliedBy.some((kind) => known.has(kind))) continue;
      const cycle = search.shortestThrough(edges);
      const before = known.get(spec.kind);
      if (cycle !== null && (before === undefined || cycle.nodes.length < before.nodes.length)) known.set(spec.kind, cycle);
    }
  }
  return [...found.values()].flatMap((known) => [...known.values()]);
}

interface StartingEdge {
  readonly from: number;
  /** Its place among the rows. */
  readonly at: number;
}

/** The edges of a relation whose ends lie in one component, by component. */
function edgesWithin({ starts, targets, relations }: Rows, of: Int32Array, relation: Relation): readonly StartingEdge[][] {
  const within = new Map<number, StartingEdge[]>();
  for (let from = 0; from + 1 < starts.length; from++) {
    for (let at = starts[from]!; at < starts[from + 1]!; at++) {
      if (relations[at] !== relation || of[targets[at]!] !== of[from]) continue;
      const edges = within.get(of[from]!);
      if (edges === undefined) within.set(of[from]!, [{ from, at }]);
      else edges.push({ from, at });
    }
  }
  return [...within.values()];
}

/** How many edges a search may look at in one component before it is content with what it has. */
const patience = 2_000_000;

/** Breadth first through one component, over pairs of a node and the set of required relations met on the way. */
class Search {
  private readonly rows: Rows;
  private readonly of: Int32Array;
  private readonly spec: CycleSpec;
  private readonly masks: number;
  /** By pair: the start in whose search it was met, and the edge and the pair by which. */
  private readonly metBy: Int32Array;
  private readonly edgeTo: Int32Array;
  private readonly pairBefore: Int32Array;
  private starts = 0;
  private looked = 0;

  constructor(rows: Rows, of: Int32Array, spec: CycleSpec) {
    this.rows = rows;
    this.of = of;
    this.spec = spec;
    this.masks = 1 << spec.required.length;
    this.metBy = new Int32Array(of.length * this.masks);
    this.edgeTo = new Int32Array(this.metBy.length);
    this.pairBefore = new Int32Array(this.metBy.length);
  }

  /** The shortest cycle through one of these edges that has all the spec requires. */
  shortestThrough(edges: readonly StartingEdge[]): Cycle | null {
    this.looked = 0;
    let best: Cycle | null = null;
    for (const edge of edges) {
      const cycle = this.through(edge, best === null ? Number.MAX_SAFE_INTEGER : best.nodes.length);
      if (cycle !== null) best = cycle;
      if (best?.nodes.length === 2 || this.looked > patience) break;
    }
    return best;
  }

  /** The shortest cycle through an edge that has fewer than `below` nodes. */
  private through({ from, at }: StartingEdge, below: number): Cycle | null {
    const { starts, targets, relations } = this.rows;
    const { masks, metBy, edgeTo, pairBefore } = this;
    const all = masks - 1;
    const stamp = ++this.starts;
    const start = targets[at]! * masks + this.bitsOf(relations[at]!);
    const goal = from * masks + all;
    metBy[start] = stamp;
    pairBefore[start] = -1;
    let level = [start];
    for (let length = 2; level.length > 0 && length < below; length++) {
      const next: number[] = [];
      for (const pair of level) {
        const node = Math.floor(pair / masks);
        const mask = pair % masks;
        this.looked += starts[node + 1]! - starts[node]!;
        for (let e = starts[node]!; e < starts[node + 1]!; e++) {
          const target = targets[e]!;
          if (this.of[target] !== this.of[from]) continue;
          const met = target * masks + (mask | this.bitsOf(relations[e]!));
          if (metBy[met] === stamp) continue;
          metBy[met] = stamp;
          edgeTo[met] = e;
          pairBefore[met] = pair;
          if (met === goal) return this.cycle(from, at, goal);
          next.push(met);
        }
      }
      level = next;
    }
    return null;
  }

  private bitsOf(relation: number): number {
    let bits = 0;
    for (let i = 0; i < this.spec.required.length; i++) if (this.spec.required[i] === relation) bits |= 1 << i;
    return bits;
  }

  /** Back from the goal: the first edge leads from `from`, the last one to it. */
  private cycle(from: number, at: number, goal: number): Cycle {
    const { targets, relations } = this.rows;
    const back: number[] = [];
    for (let pair = goal; this.pairBefore[pair]! >= 0; pair = this.pairBefore[pair]!) back.push(this.edgeTo[pair]!);
    const edges = [at, ...back.reverse()];
    const nodes = [from, ...edges.slice(0, -1).map((edge) => targets[edge]!)];
    return { kind: this.spec.kind, nodes, relations: edges.map((edge) => relations[edge]! as Relation) };
  }
}

/** Tarjan's algorithm, with a stack of its own instead of recursion. */
function components({ starts, targets }: Rows, size: number): Components {
  const of = new Int32Array(size).fill(-1);
  const found = new Int32Array(size);
  const lowest = new Int32Array(size);
  const edge = starts.slice(0, size);
  const open: number[] = [];
  const path: number[] = [];
  let order = 0;
  let count = 0;
  for (let root = 0; root < size; root++) {
    if (found[root] !== 0) continue;
    path.push(root);
    while (path.length > 0) {
      const node = path[path.length - 1]!;
      if (found[node] === 0) {
        found[node] = lowest[node] = ++order;
        open.push(node);
      }
      if (edge[node]! < starts[node + 1]!) {
        const target = targets[edge[node]!++]!;
        if (found[target] === 0) path.push(target);
        else if (of[target]! < 0) lowest[node] = Math.min(lowest[node]!, found[target]!);
        continue;
      }
      path.pop();
      const parent = path[path.length - 1];
      if (parent !== undefined) lowest[parent] = Math.min(lowest[parent]!, lowest[node]!);
      if (lowest[node] !== found[node]) continue;
      let member: number;
      do {
        member = open.pop()!;
        of[member] = count;
      } while (member !== node);
      count++;
    }
  }
  return { of, count };
}
