/**
 * Small-scope search: every behaviour of a scope, breadth first, so that the first witness of a finding is a shortest one and a
 * search that is cut off has seen everything up to a depth. A behaviour is a list of steps from the opening of the scope.
 *
 * {@link Search} knows which states were seen, and in which order; what the steps from them lead to is the work of expanders, of which
 * there may be several. What they say is taken in the order of the states, so that a search comes to the same however many there are.
 */
import { kafkaRules, type Rules } from '../../cluster/rules.ts';
import { type Arrival, Expander, type Found, type PathAfter, type Reductions } from './expander.ts';
import type { Scope } from './scope.ts';
import { Visited } from './visited.ts';
import type { Step } from './walk.ts';

/** A finding, with the shortest behaviour that shows it. */
export interface Finding {
  readonly found: Found;
  readonly steps: readonly Step[];
  /** It shows when everything has healed and come to rest after these steps; otherwise in the last of them. */
  readonly atRest: boolean;
}

/** Two findings with one name are the same. */
export function nameOfFinding({ found }: Finding): string {
  switch (found.kind) {
    case 'breach':
      return found.invariant;
    case 'harm':
      return `${found.harm} ${found.because.code}`;
    case 'restless':
      return found.kind;
  }
}

export interface SearchOptions extends Reductions {
  /** @defaultValue Kafka's */
  readonly rules?: Rules;
  /** Goes on after the first finding, and keeps one of each kind. */
  readonly all?: boolean;
  /** Asked now and then; the search ends when it says so. */
  readonly shouldStop?: () => boolean;
  /** Told now and then. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** States that were found and not tried out yet. */
  readonly open: number;
}

export interface SearchResult extends Progress {
  readonly scope: Scope;
  /** Every behaviour in bounds was tried. */
  readonly exhausted: boolean;
  /** States in which nothing was under way: each was healed, brought to rest and judged. */
  readonly judged: number;
  /** Shortest first. */
  readonly findings: readonly Finding[];
}

/** How many states are expanded between two questions whether to stop. */
const atATime = 64;

/** Searches a scope. */
export function search(scope: Scope, options: SearchOptions = {}): SearchResult {
  const { rules = kafkaRules, all = false, states = true, onProgress, shouldStop } = options;
  const expander = new Expander(scope, rules, options);
  const search = new Search(scope, expander.open(), { all, states });
  for (let tried = 0; !search.isOver; ) {
    // Few are open at first: they are not yet worth a question.
    const paths = search.nextPaths(atATime - (tried % atATime));
    tried += paths.length;
    search.take(expander.expand(paths));
    if (tried % atATime > 0) continue;
    onProgress?.(search.progress);
    if (shouldStop?.() === true) break;
  }
  return search.result;
}

/** A search under way. */
export class Search {
  private readonly scope: Scope;
  private readonly all: boolean;
  private readonly mergesStates: boolean;
  private readonly visited = new Visited();
  /** Steps, each once, by number. */
  private readonly steps: Step[] = [];
  private readonly stepNumbers = new Map<string, number>();
  private readonly findings = new Map<string, Finding>();
  private transitions = 0;
  private judged = 0;
  private depth = 0;
  /** The first state that is yet to be expanded, the first that nobody was asked to expand, and the first at the end of the bounds. */
  private next = 0;
  private asked = 0;
  private deepest = -1;

  constructor(scope: Scope, opening: Arrival, { all, states }: { readonly all: boolean; readonly states: boolean }) {
    this.scope = scope;
    this.all = all;
    this.mergesStates = states;
    this.arrive(opening, -1, 0);
  }

  /** Nothing is left to try, or enough was found. */
  get isOver(): boolean {
    return this.next === this.visited.size || this.hasEnough;
  }

  get progress(): Progress {
    const { size } = this.visited;
    return { states: size, transitions: this.transitions, depth: this.depth, open: size - this.next };
  }

  get result(): SearchResult {
    const exhausted = this.next === this.visited.size && !this.hasEnough;
    const { progress, scope, judged } = this;
    return { ...progress, scope, exhausted, judged, findings: [...this.findings.values()] };
  }

  /** The paths to the next open states, at most so many. */
  nextPaths(most: number): PathAfter[] {
    const paths: PathAfter[] = [];
    let before: number[] = [];
    for (; paths.length < most && this.asked < this.end; this.asked++) {
      const path = this.visited.pathTo(this.asked);
      let same = 0;
      while (same < path.length && path[same] === before[same]) same++;
      paths.push({ same, steps: path.slice(same).map((number) => this.steps[number]!) });
      before = path;
    }
    return paths;
  }

  /** Takes what the steps from the next states led to; whatever was asked for first comes first. */
  take(expanded: readonly (readonly Arrival[])[]): void {
    for (const arrivals of expanded) {
      if (this.hasEnough) return;
      const from = this.next++;
      const depth = this.visited.depthOf(from);
      this.depth = depth;
      for (const arrival of arrivals) {
        this.transitions++;
        this.arrive(arrival, from, depth + 1);
      }
    }
    if (this.next === this.end && this.deepest >= 0) {
      this.next = this.visited.size;
      this.depth = this.scope.depth;
    }
  }

  private get hasEnough(): boolean {
    return this.findings.size > 0 && !this.all;
  }

  /** What is not to be expanded comes last, for it is deepest. */
  private get end(): number {
    return this.deepest < 0 ? this.visited.size : this.deepest;
  }

  private arrive({ step, a, b, isQuiet, isBroken, found }: Arrival, from: number, depth: number): void {
    if (!isBroken) {
      const state = this.visited.size;
      // Without states every arrival is a state of its own.
      if (!this.visited.add(this.mergesStates ? a : state, b, from, this.numberOf(step))) return;
      if (depth === this.scope.depth && depth > 0 && this.deepest < 0) this.deepest = state;
      if (isQuiet) this.judged++;
    }
    for (const one of found) {
      const finding = { found: one, steps: from < 0 ? [] : [...this.pathTo(from), step], atRest: !isBroken };
      const name = nameOfFinding(finding);
      if (!this.findings.has(name)) this.findings.set(name, finding);
    }
  }

  private pathTo(state: number): Step[] {
    return this.visited.pathTo(state).map((number) => this.steps[number]!);
  }

  private numberOf(step: Step): number {
    const key = step.join(' ');
    let number = this.stepNumbers.get(key);
    if (number === undefined) {
      number = this.steps.length;
      this.stepNumbers.set(key, number);
      this.steps.push(step);
    }
    return number;
  }
}
