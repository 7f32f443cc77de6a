/**
 * One behaviour of a scope, step by step. The cluster is brought to rest in ordinary time; then the scope opens, and what comes next
 * is chosen. Steps whose moment plays no role follow at once.
 */
import { assert } from '../../base/assert.ts';
import type { CompiledPlan } from '../../cluster/compile.ts';
import type { Rules } from '../../cluster/rules.ts';
import { View } from '../../cluster/view.ts';
import type { ScheduledEvent } from '../../kernel/kernel.ts';
import type { OpenKernel } from '../../kernel/open-kernel.ts';
import { Trace, type TraceMode } from '../../kernel/trace.ts';
import { Evidence } from '../../oracle/evidence.ts';
import type { Memory } from '../../oracle/invariants/invariant.ts';
import type { InvariantMonitor } from '../../oracle/invariants/monitor.ts';
import { layoutOf } from '../../scenario/evaluate-case.ts';
import { forcedEvent, type Option, optionsIn, type Spent } from './options.ts';
import type { PathChoices } from './path-choices.ts';
import { RovingMonitor, type Watched } from './roving-monitor.ts';
import { opensUs, pauseUs, type Scope } from './scope.ts';
import { leadershipMoves, SearchedCluster, sessionEnds } from './searched-cluster.ts';

/** Which of the options, and what was drawn in the step. */
export type Step = readonly number[];

/** After healing, more events than this are no way to rest. */
const restBudget = 200_000;
/** More events at once than this are a loop of the machines. */
const mostForced = 10_000;

export class Walk {
  readonly scope: Scope;
  readonly cluster: SearchedCluster;
  readonly kernel: OpenKernel;
  readonly choices: PathChoices;
  readonly evidence: Evidence;
  readonly trace: Trace;
  readonly spent: Spent;
  private readonly partialOrder: boolean;
  private readonly monitors: RovingMonitor;
  private readonly watched: Watched;

  private constructor(
    scope: Scope,
    partialOrder: boolean,
    trace: Trace,
    cluster: SearchedCluster,
    evidence: Evidence,
    spent: Spent,
    monitors = new RovingMonitor(evidence.layout, cluster),
    memory: readonly Memory[] | null = null,
  ) {
    this.scope = scope;
    this.partialOrder = partialOrder;
    this.trace = trace;
    this.cluster = cluster;
    this.kernel = cluster.kernel as OpenKernel;
    this.choices = cluster.choices as PathChoices;
    this.evidence = evidence;
    this.spent = spent;
    this.monitors = monitors;
    this.watched = { view: new View(cluster), memory };
    cluster.watchedBy([evidence, monitors.monitor]);
    if (memory === null) this.goOn();
  }

  /** Where every behaviour of a scope begins. */
  static open(scope: Scope, compiled: CompiledPlan, rules: Rules, partialOrder = true, mode: TraceMode = 'off'): Walk {
    const trace = new Trace(mode);
    const cluster = new SearchedCluster(compiled, trace, rules);
    const evidence = new Evidence(layoutOf(compiled), 64);
    const walk = new Walk(scope, partialOrder, trace, cluster, evidence, { lags: 0, moves: 0, crashes: 0, powerLosses: 0 });
    const { phases } = cluster;
    const { kernel } = walk;
    while (phases.startedAtUs < 0) cluster.step();
    // As after partitionsFor(): the producer has asked where its topic is, and has its id.
    for (const { host } of compiled.producers)
      cluster.deliver(host, { kind: 'call', id: -1, operation: { kind: 'send', records: [] } });
    while (kernel.peekUs() < phases.startedAtUs + opensUs) cluster.step();
    kernel.nowUs = phases.startedAtUs + opensUs;
    cluster.heartbeatsArrive();
    cluster.open();
    walk.followThrough();
    return walk;
  }

  /** A walk that goes on from here on its own. */
  fork(): Walk {
    const { scope, partialOrder, trace, cluster, evidence, spent, monitors } = this;
    const memory = monitors.remembered(this.watched);
    return new Walk(scope, partialOrder, trace, cluster.fork(), evidence.fork(), { ...spent }, monitors, memory);
  }

  /** Knows which invariants were broken on the way here. */
  get monitor(): InvariantMonitor {
    return this.monitors.watching(this.watched);
  }

  /** What may happen next. */
  options(): Option[] {
    return optionsIn(this.cluster, this.kernel, this.scope, this.spent, this.partialOrder);
  }

  /** Takes one of {@link options}. */
  take(option: Option, draws: readonly number[] = []): void {
    const { kernel, cluster, spent } = this;
    this.goOn();
    this.choices.start(draws);
    if (option.costs !== null) spent[option.costs]++;
    const event =
      option.event ??
      kernel.schedule(kernel.nowUs, option.costs === 'moves' ? leadershipMoves : sessionEnds, option.broker, 0, null);
    if (option.pauses) {
      kernel.nowUs = Math.max(event.atUs, kernel.nowUs + pauseUs);
      cluster.heartbeatsArrive();
    }
    this.happen(event);
    this.followThrough();
  }

  /** Takes steps. */
  follow(steps: readonly Step[]): void {
    for (const [at, ...draws] of steps) {
      const option = this.options()[at!];
      assert(option !== undefined, 'a path leads through states that it was found in');
      this.take(option, draws);
    }
  }

  /** Nothing more is chosen: everything heals, and goes on in ordinary time until it is at rest. False when it does not come to an end. */
  comeToRest(): boolean {
    const { cluster, kernel } = this;
    const most = kernel.handled + restBudget;
    this.goOn();
    cluster.rest();
    while (cluster.step()) if (kernel.handled >= most) return false;
    return true;
  }

  /** The cluster is about to change: it has to be watched. */
  private goOn(): void {
    this.monitors.watching(this.watched);
    this.watched.memory = null;
  }

  private followThrough(): void {
    const { cluster, kernel, scope, spent, partialOrder } = this;
    let steps = 0;
    for (;;) {
      const event = forcedEvent(cluster, kernel, scope, spent, partialOrder);
      if (event === null) return;
      this.happen(event);
      assert(++steps < mostForced, 'what follows at once comes to an end');
    }
  }

  private happen(event: ScheduledEvent): void {
    this.kernel.choose(event, this.kernel.nowUs);
    this.cluster.step();
  }
}
