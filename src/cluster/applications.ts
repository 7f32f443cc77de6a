/**
 * The applications around the producers: when they call `send()`, what they are told, what they do after a restart. They are part of
 * the harness, not of Kafka: they run as long as their host's process runs.
 */
import type { HistoryRecorder } from '../history/recorder.ts';
import { Outcome } from '../history/history.ts';
import type { CompiledProducer } from './compile.ts';

export class Application {
  readonly index: number;
  readonly producer: CompiledProducer;
  /** Record ids in the order in which they are to be sent, and how far it has got. */
  private todo: number[];
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
    this.todo = Array.from({ length: producer.count }, (_, i) => producer.firstRecord + i);
  }

  /** Nothing left to send and nothing under way. */
  get done(): boolean {
    return this.next >= this.todo.length && this.unfinished === 0;
  }

  get hasMore(): boolean {
    return this.next < this.todo.length;
  }

  /** The next record to send. */
  take(): number {
    this.unfinished++;
    this.sendCalls++;
    return this.todo[this.next++]!;
  }

  /** The producer finished with a record. */
  completed(outcome: Outcome): void {
    this.unfinished--;
    if (outcome === Outcome.acknowledged) this.acknowledged++;
  }

  /** The process died with whatever was unfinished; what it does afterwards depends on the plan. */
  died(): void {
    const again: number[] = [];
    const { sends } = this.recorder;
    for (const record of this.todo.slice(0, this.next)) {
      if (sends.outcome[record] === Outcome.pending) this.recorder.diedInProducer(record);
      if (sends.outcome[record] !== Outcome.acknowledged) again.push(record);
    }
    this.unfinished = 0;
    if (this.producer.plan.onRestart !== 'resend') return;
    this.todo = [...again, ...this.todo.slice(this.next)];
    this.next = 0;
  }
}
