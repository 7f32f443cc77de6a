/**
 * The applications around the producers: when they call `send()`, what they are told, what they do after a restart. They are part of
 * the harness, not of Kafka: they run as long as their host's process runs.
 */

import { Outcome } from '../history/history.ts';
import type { HistoryRecorder } from '../history/recorder.ts';
import type { ProducerRecord } from '../kafka/machine.ts';
import { burstsOf, type CompiledProducer } from './compile.ts';

export class Application {
  readonly index: number;
  readonly producer: CompiledProducer;
  /** What is still to be sent, a tick each, and how far it has got. */
  private bursts: readonly (readonly ProducerRecord[])[];
  private next = 0;
  /** Sent and not completed. */
  unfinished = 0;
  /** Calls of `send()`, and acknowledgements, so far. */
  sendCalls = 0;
  acknowledged = 0;
  /** A tick came while the process stood still or was down, or (sync) while a send was under way. */
  tickMissed = false;
  private readonly recorder: HistoryRecorder;

  constructor(index: number, producer: CompiledProducer, recorder: HistoryRecorder) {
    this.index = index;
    this.producer = producer;
    this.recorder = recorder;
    this.bursts = producer.bursts;
  }

  /** An application that goes on from here on its own, and writes its history there. */
  fork(recorder: HistoryRecorder): Application {
    const fork = new Application(this.index, this.producer, recorder);
    fork.bursts = this.bursts;
    fork.next = this.next;
    fork.unfinished = this.unfinished;
    fork.sendCalls = this.sendCalls;
    fork.acknowledged = this.acknowledged;
    fork.tickMissed = this.tickMissed;
    return fork;
  }

  /** Nothing left to send and nothing under way. */
  get done(): boolean {
    return this.next >= this.bursts.length && this.unfinished === 0;
  }

  get hasMore(): boolean {
    return this.next < this.bursts.length;
  }

  /** What the next tick sends. */
  take(): readonly ProducerRecord[] {
    const burst = this.bursts[this.next++]!;
    this.unfinished += burst.length;
    return burst;
  }

  /** The process died with whatever was unfinished; what it does afterwards depends on the plan. */
  died(): void {
    const again: ProducerRecord[] = [];
    const { sends } = this.recorder;
    const called = this.bursts.slice(0, this.next).flat();
    sends.died(called);
    const { outcome } = sends;
    for (const record of called) if (outcome[record.id] !== Outcome.acknowledged) again.push(record);
    this.unfinished = 0;
    if (this.producer.plan.onRestart !== 'resend') return;
    this.bursts = burstsOf([...again, ...this.bursts.slice(this.next).flat()], this.producer.plan.send.burst);
    this.next = 0;
  }
}
