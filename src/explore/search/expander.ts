/**
 * Every step from given states of a scope: what a search does with one part of its open states. A state is reached again by
 * walking there; what neighbours have in common is walked once, because open states come in the order in which a search found
 * them, next to their siblings. Besides the walks along one behaviour nothing is kept of the way.
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

/** Which of its reductions a search makes use of. */
export interface Reductions {
  /** Two ways to the same state are one. Without it every behaviour is tried for itself. @defaultValue true */
  readonly states?: boolean;
  /** Steps whose moment plays no role are not tried at every moment. @defaultValue true */
  readonly partialOrder?: boolean;
  /** Followers that nothing tells apart may change places; never under a mutant, which may tell them apart. @defaultValue true */
  readonly symmetry?: boolean;
}

/** A path as it differs from the one before it: how many of its steps are the same, and the others. */
export interface PathAfter {
  readonly same: number;
  readonly steps: readonly Step[];
}

/** Where a step led to. */
export interface Arrival {
  readonly step: Step;
  /** A promise was broken in the step: nothing goes on from there. */
  readonly isBroken: boolean;
  /** The key of the state. */
  readonly a: number;
  readonly b: number;
  /** Nothing is under way there. */
  readonly isQuiet: boolean;
  /** The promise that was broken; of a quiet state what showed at rest, or nothing where this expander has said it before. */
  readonly found: readonly Found[];
}

export class Expander {
  private readonly opening: Walk;
  private readonly compiled: CompiledPlan;
  private readonly reductions: Reductions;
  private readonly symmetry: boolean;
  private readonly key = new StateKey();
  /** Quiet states that were judged. */
  private readonly judged = new Visited();
  /** The present path, and the walk that has taken all but the last of its steps, behind those to each state before. */
  private path: readonly Step[] = [];
  private readonly walks: Walk[] = [];

  constructor(scope: Scope, rules: Rules = kafkaRules, reductions: Reductions = {}) {
    this.reductions = reductions;
    this.symmetry = (reductions.symmetry ?? true) && rules === kafkaRules;
    this.compiled = compile(planOfScope(scope));
    this.opening = Walk.open(scope, this.compiled, rules, reductions.partialOrder ?? true);
  }

  /** The state in which the scope opens. */
  open(): Arrival {
    return this.arrive(this.opening.fork(), [0]);
  }

  /** Every step from the states at the ends of these paths. */
  expand(paths: readonly PathAfter[]): Arrival[][] {
    return paths.map(({ same, steps }) => this.tryOut(this.walkTo([...this.path.slice(0, same), ...steps])));
  }

  /** A walk at the end of a path, which may be taken further. */
  private walkTo(path: readonly Step[]): Walk {
    const { walks } = this;
    let same = 0;
    while (same < path.length && same < this.path.length && isSame(path[same]!, this.path[same]!)) same++;
    // Those that lead to the end of the path are kept for its neighbours; the last one is used up.
    walks.length = Math.min(walks.length, same);
    this.path = path;
    for (let at = walks.length; at < path.length; at++) {
      const walk = (at === 0 ? this.opening : walks[at - 1]!).fork();
      walk.follow([path[at]!]);
      if (at + 1 === path.length) return walk;
      walks.push(walk);
    }
    return (walks[path.length - 1] ?? this.opening).fork();
  }

  private tryOut(here: Walk): Arrival[] {
    const arrivals: Arrival[] = [];
    const options = here.options();
    for (const [at, { costs }] of options.entries()) {
      // Nothing comes after the last step, unless what a loss of power spares is still to be tried.
      const isLast = at + 1 === options.length && costs !== 'powerLosses';
      for (let draws: number[] | null = []; draws !== null; ) {
        const walk = isLast ? here : here.fork();
        walk.take(walk.options()[at]!, draws);
        const step = [at, ...walk.choices.drawn.map(({ value }) => value)];
        draws = walk.choices.following();
        arrivals.push(this.arrive(walk, step));
      }
    }
    return arrivals;
  }

  private arrive(walk: Walk, step: Step): Arrival {
    const [breach] = walk.monitor.breaches;
    if (breach !== undefined) return { step, isBroken: true, a: 0, b: 0, isQuiet: false, found: [foundBreach(breach)] };
    this.key.of(walk, this.symmetry);
    const { a, b } = this.key;
    const isQuiet = walk.options().every(({ isWait }) => isWait);
    const isKnown = isQuiet && this.reductions.states !== false && !this.judged.add(a, b, -1, 0);
    return { step, isBroken: false, a, b, isQuiet, found: isQuiet && !isKnown ? this.judge(walk) : [] };
  }

  private judge(walk: Walk): Found[] {
    if (!walk.comeToRest()) return [{ kind: 'restless' }];
    const { cluster, evidence, monitor } = walk;
    const [breach] = monitor.breaches;
    const found: Found[] = breach === undefined ? [] : [foundBreach(breach)];
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
      if (!permitted) found.push({ kind: 'harm', harm: kind, record, because });
    }
    return found;
  }
}

function foundBreach({ invariant, params }: Walk['monitor']['breaches'][number]): Found {
  return { kind: 'breach', invariant, params };
}

function isSame(one: Step, other: Step): boolean {
  return one.length === other.length && one.every((number, i) => number === other[i]);
}
