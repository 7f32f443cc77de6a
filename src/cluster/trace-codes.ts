/** What a run writes into its trace: numbers for codes, and an input as a few integers. */
import type { Micros } from '../base/units.ts';
import type { Input } from '../kafka/machine.ts';
import { type NoteCode, noteParameters } from '../kafka/notes.ts';
import type { Trace } from '../kernel/trace.ts';
import { apiOf } from './inputs.ts';

/** Numbers of codes in the trace hash: notes first, then what the interpreter itself records. */
const noteNumbers = new Map<string, number>(Object.keys(noteParameters).map((code, i) => [code, i + 1]));

const numberOf = (code: NoteCode): number => noteNumbers.get(code)!;
const batchAppended = numberOf('batch-appended');
const batchReplicated = numberOf('batch-replicated');
const highWatermarkAdvanced = numberOf('high-watermark-advanced');
const produceAcknowledged = numberOf('produce-acknowledged');

/** The number of a note. Nearly all notes of a run are one of four: to compare a text with those takes less than to look it up. */
export function noteNumber(code: string): number {
  switch (code as NoteCode) {
    case 'batch-appended':
      return batchAppended;
    case 'batch-replicated':
      return batchReplicated;
    case 'high-watermark-advanced':
      return highWatermarkAdvanced;
    case 'produce-acknowledged':
      return produceAcknowledged;
    default:
      return noteNumbers.get(code)!;
  }
}

export const traceNumber = {
  request: 101,
  response: 102,
  timer: 103,
  fsynced: 104,
  ioFailed: 105,
  connected: 106,
  connectFailed: 107,
  disconnected: 108,
  accepted: 109,
  sent: 110,
  start: 111,
  stop: 112,
  call: 113,
  polled: 114,
  produced: 115,
  assigned: 116,
  revoked: 117,
  handling: 118,
} as const;

/** Records an input that is about to be delivered. */
export function traceInput(trace: Trace, event: number, atUs: Micros, host: number, input: Input): void {
  let number: number;
  let a = 0;
  let b = 0;
  let c = 0;
  switch (input.kind) {
    case 'request':
      number = traceNumber.request;
      a = input.connection;
      b = input.header.correlationId;
      c = apiOf(input);
      break;
    case 'response':
      number = traceNumber.response;
      a = input.connection;
      b = input.correlationId;
      c = apiOf(input);
      break;
    case 'timer':
      number = traceNumber.timer;
      a = input.key;
      break;
    case 'fsynced':
    case 'ioFailed':
      number = traceNumber[input.kind];
      a = input.token;
      break;
    case 'start':
      number = traceNumber.start;
      a = input.incarnation;
      break;
    case 'call':
      number = traceNumber.call;
      a = input.id;
      break;
    case 'sent':
      number = traceNumber.sent;
      a = input.connection;
      b = input.correlationId;
      break;
    case 'stop':
      number = traceNumber.stop;
      break;
    default:
      number = traceNumber[input.kind];
      a = input.connection;
  }
  trace.record(event, atUs, host, number, input.kind, a, b, c, 0, trace.keeps ? input : null);
}
