/**
 * One behaviour of a scope, step by step. The cluster is brought to rest in ordinary time; then the scope opens, and what comes next
 * is chosen. Steps whose moment plays no role follow at once.
 */
import { assert } from '../../base/assert.ts';
import type { CompiledPlan } from '../../cluster/compile.ts';
import type { Rules } from '../../cluster/rules.ts';
import { View } from '../../cluster/view.ts';
import type { ScheduledEvent } from '../../kernel/kernel.ts';
import { OpenKernel } from '../../kernel/open-kernel.ts';
import { Trace, type TraceMode } from '../../kernel/trace.ts';
import { Evidence } from '../../oracle/evidence.ts';
import { InvariantMonitor } from '../../oracle/invariants/monitor.ts';
import { layoutOf } from '../../scenario/evaluate-case.ts';
import { forcedEvent, type Option, optionsIn, type Spent } from './options.ts';
import { PathChoices } from './path-choices.ts';
import { opensUs, pauseUs, type Scope } from './scope.ts';
import { SearchedCluster, sessionEnds } from './searched-cluster.ts';

/** Which of the options, and what was drawn in the step. */
export type Step = readonly number[];

/** After healing, more events than this are no way to rest. */
const restBudget = 200_000;
/** More events at once than this are a loop of the machines. */
const mostForced = 10_000;

export class Walk {
  readonly scope: Scope;
  private readonly partialOrder: boolean;
  readonly kernel = new OpenKernel();
  readonly choices = new PathChoices();
  readonly cluster: SearchedCluster;
  readonly monitor: InvariantMonitor;
  readonly evidence: Evidence;
  readonly trace: Trace;
  readonly spent: Spent = { lags: 0, crashes: 0, powerLosses: 0 };

  constructor(scope: Scope, compiled: CompiledPlan, rules: Rules, partialOrder = true, trace: TraceMode = 'off') {
    this.scope = scope;
    this.partialOrder = partialOrder;
    this.trace = new Trace(trace);
    const { kernel } = this;
    this.cluster = new SearchedCluster(compiled, this.choices, this.trace, rules, kernel);
    const layout = layoutOf(compiled);
    this.evidence = new Evidence(layout, 64);
    this.monitor = new InvariantMonitor(layout, new View(this.cluster));
    this.cluster.watchedBy([this.evidence, this.monitor]);
    const { phases } = this.cluster;
    while (phases.startedAtUs < 0) this.cluster.step();
    // As after partitionsFor(): the producer has asked where its topic is, and has its id.
    for (const { host } of compiled.producers)
      this.cluster.deliver(host, { kind: 'call', id: -1, operation: { kind: 'send', records: [] } });
    while (kernel.peekUs() < phases.startedAtUs + opensUs) this.cluster.step();
    kernel.nowUs = phases.startedAtUs + opensUs;
    this.cluster.heartbeatsArrive();
    this.followThrough();
  }

  /** What may happen next. */
  options(): Option[] {
    return optionsIn(this.cluster, this.kernel, this.scope, this.spent, this.partialOrder);
  }

  /** Takes one of {@link options}. */
  take(option: Option, draws: readonly number[] = []): void {
    const { kernel, cluster, spent } = this;
    this.choices.start(draws);
    if (option.costs !== null) spent[option.costs]++;
    const event = option.event ?? kernel.schedule(kernel.nowUs, sessionEnds, option.broker, 0, null);
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
    while (cluster.step()) if (kernel.handled >= most) return false;
    return true;
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
