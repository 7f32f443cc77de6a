/** What a full trace says of causes: every message was sent by the process at the other end, in order, and nothing else is changed. */
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/cluster/compile.ts';
import { run } from '../../src/cluster/run.ts';
import type { Input } from '../../src/kafka/machine.ts';
import { Causality } from '../../src/kernel/causality.ts';
import type { FaultPlan } from '../../src/plan/faults.ts';
import { everyCase } from '../determinism/every-case.ts';
import { planOf } from './plans.ts';

describe.each(everyCase)('$name', ({ plan }) => {
  const compiled = compile(plan);
  const result = run(compiled, { seed: '1', trace: 'full' });
  const { trace } = result;
  const causality = new Causality(trace);
  // The broker that is the controller sends its own roles to itself as to any other.
  const talksToItself = plan.metadata === 'zookeeper';

  test('knows the sender of every message', () => {
    const messages = trace.filter(({ code }) => code === 'request' || code === 'response');
    expect(messages.length).toBeGreaterThan(100);
    for (const { event, host, cause } of messages) {
      expect(cause).not.toBeNull();
      if (!talksToItself) expect(cause!.host).not.toBe(host);
      expect(cause!.event).toBeLessThan(event);
      expect(causality.at(cause!.event, cause!.host)).toBeGreaterThanOrEqual(0);
    }
  });

  test('answers a request where it was received, and asks where the answer arrives', () => {
    const asked = new Map<string, { readonly from: number; readonly at: number; readonly event: number }>();
    for (const { code, event, host, cause, detail } of trace) {
      if (code === 'request') {
        const { header } = detail as Extract<Input, { kind: 'request' }>;
        asked.set(`${cause!.host} ${host} ${header.api} ${header.correlationId}`, { from: cause!.host, at: host, event });
      } else if (code === 'response') {
        const { correlationId, body } = detail as Extract<Input, { kind: 'response' }>;
        const request = asked.get(`${host} ${cause!.host} ${body.api} ${correlationId}`);
        expect(request, `${event}`).toBeDefined();
        expect(cause!.event).toBeGreaterThanOrEqual(request!.event);
      }
    }
  });

  test('keeps the order of what is sent on a connection', () => {
    const latest = new Map<string, number>();
    for (const { code, host, a: connection, cause } of trace) {
      if (code !== 'request' && code !== 'response') continue;
      // A number is used again after a restart; what came before is over by then.
      const way = `${host} ${connection} ${code} ${cause!.host}`;
      expect(cause!.event).toBeGreaterThanOrEqual(latest.get(way) ?? -1);
      latest.set(way, cause!.event);
    }
  });

  test('goes back to the same process for timers and fsyncs', () => {
    const own = trace.filter(({ code }) => code === 'timer' || code === 'fsynced' || code === 'sent');
    expect(own.length).toBeGreaterThan(5);
    for (const { event, host, cause, code } of own) {
      if (cause === null) continue;
      expect(cause.host, `${code} in ${event}`).toBe(host);
      expect(cause.event).toBeLessThan(event);
      expect(causality.at(cause.event, host)).toBeGreaterThanOrEqual(0);
    }
  });

  test('knows where connections come from', () => {
    for (const { code, host, cause } of trace) {
      if (code !== 'accepted' && code !== 'connected') continue;
      expect(cause).not.toBeNull();
      if (!talksToItself) expect(cause!.host).not.toBe(host);
    }
  });

  test('does not show in the hash, and other modes keep nothing', () => {
    const hashed = run(compiled, { seed: '1', trace: 'hash' });
    expect(hashed.traceHash).toBe(result.traceHash);
    expect(hashed.undelivered).toEqual([]);
  });
});

describe('a message that never arrives', () => {
  /** Answers to produce requests that the first leader sent and nobody got. */
  const lostAnswers = (fault: FaultPlan | null): number => {
    const plan = planOf({ faults: fault === null ? [] : [fault] });
    const { undelivered } = run(compile(plan), { seed: '1', trace: 'full' });
    return undelivered.filter(({ message, cause: { host }, to }) => {
      return message.kind === 'response' && message.body.api === 0 && host === 1 && to === 5;
    }).length;
  };
  const target = { kind: 'leader', partition: 'orders-0' } as const;
  const when = { kind: 'batch-appended', partition: 'orders-0', nth: 10 } as const;

  test('is told with its sender: an answer that was dropped, or lost with its connection', () => {
    expect(lostAnswers(null)).toBe(0);
    expect(lostAnswers({ name: 'drop-response', when, target })).toBeGreaterThan(0);
    expect(lostAnswers({ name: 'reset', peers: 'clients', when, target })).toBeGreaterThan(0);
  });
});

test('a process that closes its connections says so to the others', () => {
  const when = { kind: 'acked', producer: 'p1', nth: 10 } as const;
  const target = { kind: 'broker', id: 1 } as const;
  const { trace } = run(compile(planOf({ faults: [{ name: 'process-crash', when, target, healAfterUs: 5_000_000 }] })), {
    seed: '1',
    trace: 'full',
  });
  const crash = trace.find(({ code }) => code === 'process-crashed')!;
  const told = trace.filter(({ code, cause }) => code === 'disconnected' && cause?.event === crash.event);
  expect(told.length).toBeGreaterThan(1);
  expect(told.every(({ cause, host }) => cause!.host === crash.host && host !== crash.host)).toBe(true);
});
