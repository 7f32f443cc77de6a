/**
 * Inputs of machines as the interpreter makes them. All that carry only numbers and a message are of one class, so that the engine
 * reads `kind` from each of them in the same way: reading it from a dozen shapes took a tenth of a handler's time.
 */
import type { Bytes } from '../base/units.ts';
import type { Input } from '../kafka/machine.ts';
import type { ProduceRequest, RequestBody, RequestHeader, ResponseBody } from '../kafka/protocol/messages.ts';
import { batchOverheadBytes } from '../kafka/protocol/records.ts';

type PlainKind = Exclude<Input['kind'], 'start' | 'call'>;

class PlainInput {
  readonly kind: PlainKind;
  connection: number;
  readonly correlationId: number;
  /** Of a request or a response: their bodies come in many shapes, and reading it there is slow. */
  readonly api: number;
  readonly key: number;
  readonly token: number;
  readonly header: RequestHeader | null;
  readonly body: RequestBody | ResponseBody | null;
  constructor(
    kind: PlainKind,
    connection: number,
    correlationId: number,
    api: number,
    key: number,
    header: RequestHeader | null,
    body: RequestBody | ResponseBody | null,
  ) {
    this.kind = kind;
    this.connection = connection;
    this.correlationId = correlationId;
    this.api = api;
    this.key = key;
    this.token = key;
    this.header = header;
    this.body = body;
  }
}

/** An input that concerns a connection and nothing else. */
export function ofConnection(kind: 'accepted' | 'connected' | 'connectFailed' | 'disconnected', connection: number): Input {
  return new PlainInput(kind, connection, -1, -1, -1, null, null) as Input;
}

/** `key` is a timer's key, or an fsync's token. */
export function ofKey(kind: 'timer' | 'fsynced' | 'ioFailed' | 'stop', key: number): Input {
  return new PlainInput(kind, -1, -1, -1, key, null, null) as Input;
}

export function sentInput(connection: number, correlationId: number): Input {
  return new PlainInput('sent', connection, correlationId, -1, -1, null, null) as Input;
}

export function requestInput(connection: number, header: RequestHeader, body: RequestBody): Input {
  return new PlainInput('request', connection, header.correlationId, header.api, -1, header, body) as Input;
}

export function responseInput(connection: number, correlationId: number, api: number, body: ResponseBody): Input {
  return new PlainInput('response', connection, correlationId, api, -1, null, body) as Input;
}

/** The API of a request or a response. */
export function apiOf(input: Input): number {
  return (input as unknown as PlainInput).api;
}

/** A message on its way is the input it will be; only the number of its connection differs between the two ends. */
export function arriving(payload: unknown, connection: number): Input {
  const input = payload as PlainInput;
  input.connection = connection;
  return input as Input;
}

/** Bytes that an acks=0 request takes in the socket's buffer. */
export function produceBytes(body: ProduceRequest): Bytes {
  let bytes = batchOverheadBytes;
  for (const topic of body.topicData) for (const partition of topic.partitionData) bytes += partition.records.sizeBytes;
  return bytes;
}
