/**
 * Small-scope search: every behaviour of a scope, breadth first, so that the first witness of a finding is a shortest one and a
 * search that is cut off has seen everything up to a depth. A behaviour is a list of steps from the opening of the scope; a state is
 * reached again by walking there, and then forked for each of its steps.
 */
import { audit } from '../../cluster/audit.ts';
import { type CompiledPlan, compile } from '../../cluster/compile.ts';
import { kafkaRules, type Rules } from '../../cluster/rules.ts';
import { judge } from '../../oracle/judge.ts';
import type { Because, Harm } from '../../oracle/verdict.ts';
import { factsOf } from '../../scenario/evaluate-case.ts';
import { planOfScope, type Scope } from './scope.ts';
import { StateKey } from './state-key.ts';
import { Visited } from './visited.ts';
import { type Step, Walk } from './walk.ts';

/** What a search looks for: a broken promise of the model, or harm that nothing permits. */
export type Found =
  | { readonly kind: 'breach'; readonly invariant: string; readonly params: Readonly<Record<string, number>> }
  | { readonly kind: 'harm'; readonly harm: Harm; readonly record: string | null; readonly because: Because }
  /** The machines go on for ever without coming to rest. */
  | { readonly kind: 'restless' };

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

export interface SearchOptions {
  /** Two ways to the same state are one. Without it every behaviour is tried for itself. @defaultValue true */
  readonly states?: boolean;
  /** Steps whose moment plays no role are not tried at every moment. @defaultValue true */
  readonly partialOrder?: boolean;
  /** Followers that nothing tells apart may change places; never under a mutant, which may tell them apart. @defaultValue true */
  readonly symmetry?: boolean;
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

/** How often somebody is asked whether to stop. */
const askEvery = 64;

/** Searches a scope. */
export function search(scope: Scope, options: SearchOptions = {}): SearchResult {
  return new Search(scope, options).run();
}

class Search {
  private readonly scope: Scope;
  private readonly rules: Rules;
  private readonly options: SearchOptions;
  private readonly compiled: CompiledPlan;
  private readonly opening: Walk;
  private readonly symmetry: boolean;
  private readonly key = new StateKey();
  private readonly visited = new Visited();
  /** Steps, each once, by number. */
  private readonly steps: Step[] = [];
  private readonly stepNumbers = new Map<string, number>();
  private readonly findings = new Map<string, Finding>();
  private transitions = 0;
  private judged = 0;
  private depth = 0;
  private next = 0;

  constructor(scope: Scope, options: SearchOptions) {
    this.scope = scope;
    this.options = options;
    this.rules = options.rules ?? kafkaRules;
    this.symmetry = (options.symmetry ?? true) && this.rules === kafkaRules;
    this.compiled = compile(planOfScope(scope));
    this.opening = Walk.open(scope, this.compiled, this.rules, options.partialOrder ?? true);
  }

  run(): SearchResult {
    this.arrive(this.opening.fork(), -1, [0], []);
    let stopped = false;
    let enough = false;
    while (this.next < this.visited.size && !enough && !stopped) {
      const state = this.next++;
      const path = this.visited.pathTo(state).map((number) => this.steps[number]!);
      this.depth = path.length;
      if (this.scope.depth > 0 && path.length >= this.scope.depth) continue;
      this.tryOut(state, path);
      enough = this.findings.size > 0 && this.options.all !== true;
      if (this.next % askEvery === 0) {
        this.options.onProgress?.(this.progress());
        stopped = this.options.shouldStop?.() ?? false;
      }
    }
    return {
      ...this.progress(),
      scope: this.scope,
      exhausted: this.next === this.visited.size && !enough,
      judged: this.judged,
      findings: [...this.findings.values()],
    };
  }

  private progress(): Progress {
    return {
      states: this.visited.size,
      transitions: this.transitions,
      depth: this.depth,
      open: this.visited.size - this.next,
    };
  }

  /** Every step from a state. */
  private tryOut(state: number, path: readonly Step[]): void {
    const here = this.opening.fork();
    here.follow(path);
    const options = here.options();
    for (const [at, { costs }] of options.entries()) {
      // Nothing comes after the last step, unless what a loss of power spares is still to be tried.
      const isLast = at + 1 === options.length && costs !== 'powerLosses';
      for (let draws: number[] | null = []; draws !== null; ) {
        const walk = isLast ? here : here.fork();
        walk.take(walk.options()[at]!, draws);
        this.transitions++;
        const step = [at, ...walk.choices.drawn.map(({ value }) => value)];
        draws = walk.choices.following();
        this.arrive(walk, state, step, [...path, step]);
      }
    }
  }

  private arrive(walk: Walk, from: number, step: Step, path: readonly Step[]): void {
    const [breach] = walk.monitor.breaches;
    if (breach !== undefined) {
      this.found({ kind: 'breach', invariant: breach.invariant, params: breach.params }, path, false);
      return;
    }
    this.key.of(walk, this.symmetry);
    // Every arrival a state of its own.
    if (this.options.states === false) this.key.a = this.visited.size;
    if (!this.visited.add(this.key.a, this.key.b, from, this.numberOf(step))) return;
    if (walk.options().some(({ isWait }) => !isWait)) return;
    this.judged++;
    this.judge(walk, path);
  }

  private judge(walk: Walk, path: readonly Step[]): void {
    if (!walk.comeToRest()) {
      this.found({ kind: 'restless' }, path, true);
      return;
    }
    const { cluster, evidence, monitor } = walk;
    const [breach] = monitor.breaches;
    if (breach !== undefined) this.found({ kind: 'breach', invariant: breach.invariant, params: breach.params }, path, true);
    const history = cluster.recorder.finish({
      producers: this.compiled.producerFacts,
      consumers: [],
      partitions: this.compiled.partitionNames,
      audits: audit(cluster),
      healedAtUs: cluster.phases.healedAtUs,
      settled: cluster.phases.settled,
      endedAtUs: walk.kernel.nowUs,
    });
    const { anomalies } = judge(history, evidence, factsOf(this.compiled), cluster.director.reports());
    for (const { kind, record, because, permitted } of anomalies) {
      if (!permitted) this.found({ kind: 'harm', harm: kind, record, because }, path, true);
    }
  }

  private found(found: Found, steps: readonly Step[], atRest: boolean): void {
    const finding = { found, steps, atRest };
    const name = nameOfFinding(finding);
    if (!this.findings.has(name)) this.findings.set(name, finding);
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
