/** A finding's behaviour, told: what each step was, and what machines and the world said in it. */
import { compile } from '../../cluster/compile.ts';
import { Purpose } from '../../cluster/director.ts';
import { apiOf } from '../../cluster/inputs.ts';
import { OwnEvent } from '../../cluster/phases.ts';
import { kafkaRules, type Rules } from '../../cluster/rules.ts';
import { BrokerTimer } from '../../kafka/broker/state.ts';
import type { Input } from '../../kafka/machine.ts';
import { apiNames } from '../../kafka/protocol/messages.ts';
import type { TraceEntry } from '../../kernel/trace.ts';
import type { Frame } from '../../world/connection.ts';
import { WorldEvent } from '../../world/events.ts';
import { argRoom } from '../../world/world.ts';
import type { Option } from './options.ts';
import { planOfScope, type Scope } from './scope.ts';
import { type Step, Walk } from './walk.ts';

/** What a step is; sentences come from the catalogue. */
export type StepKind =
  | 'request'
  | 'answer'
  | 'closed'
  | 'timer'
  | 'fsync'
  | 'send'
  | 'crash'
  | 'power-loss'
  | 'restart'
  | 'session-ends'
  | 'leadership-moves'
  | 'reset'
  | 'connects';

export interface ToldStep {
  readonly kind: StepKind;
  /** Where it happens. */
  readonly host: string;
  /** Whom it concerns: where a frame comes from, the broker whose session ends; the same as {@link host} if nobody else. */
  readonly peer: string;
  /** The API of a request or an answer, the name of a timer; empty otherwise. */
  readonly what: string;
  /** Time passes before. */
  readonly pauses: boolean;
  /** What was said in the step and in what followed at once. */
  readonly notes: readonly TraceEntry[];
}

/** A behaviour from the opening of the scope on. */
export interface Told {
  readonly hosts: readonly string[];
  readonly topics: readonly string[];
  readonly faults: readonly string[];
  readonly steps: readonly ToldStep[];
  /** What was said while everything healed and came to rest, if the finding was made there. */
  readonly ending: readonly TraceEntry[];
}

/** Timers by what they are for. */
const timerNames: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(BrokerTimer).map(([name, key]) => [key, name]),
);

/** Takes the steps again, and tells them. `rests`: the end was brought to rest. */
export function tellSteps(scope: Scope, steps: readonly Step[], rests: boolean, rules: Rules = kafkaRules): Told {
  const compiled = compile(planOfScope(scope));
  const walk = Walk.open(scope, compiled, rules, true, 'full');
  let said = walk.trace.entries().length;
  const more = (): readonly TraceEntry[] => {
    const entries = walk.trace.entries().slice(said);
    said += entries.length;
    return entries;
  };
  const told = steps.map(([at, ...draws]): ToldStep => {
    const option = walk.options()[at!];
    if (option === undefined) throw new RangeError('the scope has no such behaviour');
    const about = describe(option, walk, compiled.hostNames);
    walk.take(option, draws);
    return { ...about, pauses: option.pauses, notes: more() };
  });
  if (rests) walk.comeToRest();
  return {
    hosts: compiled.hostNames,
    topics: compiled.topics.map(({ plan }) => plan.name),
    faults: compiled.plan.faults.map(({ name }) => name),
    steps: told,
    ending: more(),
  };
}

function describe(
  { event, broker, costs }: Option,
  { cluster }: Walk,
  names: readonly string[],
): Pick<ToldStep, 'kind' | 'host' | 'peer' | 'what'> {
  const at = (kind: StepKind, host: number, peer = host, what = ''): ReturnType<typeof describe> => ({
    kind,
    host: names[host]!,
    peer: names[peer]!,
    what,
  });
  if (event === null)
    return costs === 'moves' ? at('leadership-moves', cluster.compiled.adminHost, broker) : at('session-ends', 0, broker);
  switch (event.kind) {
    case WorldEvent.frame: {
      const { direction, type, payload } = event.payload as Frame;
      const to = direction.to.host.index;
      const from = direction.from.host.index;
      if (type !== 'data') return at('closed', to, from);
      const api = apiOf(payload as Input);
      return at(direction.toServer ? 'request' : 'answer', to, from, apiNames[api as keyof typeof apiNames]);
    }
    case WorldEvent.timer: {
      const key = event.arg % argRoom;
      const isBroker = event.target <= cluster.compiled.plan.brokers;
      const name = isBroker ? (timerNames[Math.min(key, BrokerTimer.fetcher)] ?? '') : 'sender';
      return at('timer', event.target, event.target, name);
    }
    case WorldEvent.fsync:
      return at('fsync', event.target);
    case WorldEvent.reset:
      return at('reset', event.target);
    case OwnEvent.tick:
      return at('send', cluster.clients.applications[event.target]!.producer.host);
    case OwnEvent.fault: {
      const { name, target } = cluster.compiled.plan.faults[event.target]!;
      const host = target.kind === 'broker' ? target.id : 0;
      if (event.arg === Purpose.heal) return at('restart', host);
      return at(name === 'power-loss' ? 'power-loss' : 'crash', host);
    }
    default:
      return at('connects', event.target);
  }
}
