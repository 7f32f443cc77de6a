/** An {@link Out} that writes down what a machine says, and keeps its files as a page cache would. */
import type {
  ConnectionId,
  FileId,
  HostId,
  Out,
  ProducerRecord,
  RecoveredFile,
  RequestHeader,
  Written,
} from '../../src/kafka/machine.ts';
import type { NoteCode } from '../../src/kafka/notes.ts';
import type { RequestBody, ResponseBody } from '../../src/kafka/protocol/messages.ts';
import type { RecordBatch } from '../../src/kafka/protocol/records.ts';

/** One effect; `say` is the name of the method. */
export type Effect =
  | { readonly say: 'listen' | 'halt' }
  | { readonly say: 'connect'; readonly connection: ConnectionId; readonly to: HostId }
  | {
      readonly say: 'send';
      readonly connection: ConnectionId;
      readonly header: RequestHeader;
      readonly body: RequestBody;
      readonly expectResponse: boolean;
    }
  | {
      readonly say: 'reply';
      readonly connection: ConnectionId;
      readonly correlationId: number;
      readonly body: ResponseBody | null;
    }
  | { readonly say: 'close'; readonly connection: ConnectionId }
  | { readonly say: 'setTimer'; readonly key: number; readonly delayUs: number }
  | { readonly say: 'cancelTimer'; readonly key: number }
  | { readonly say: 'create'; readonly file: FileId; readonly name: string }
  | { readonly say: 'append'; readonly file: FileId; readonly payload: object; readonly bytes: number }
  | { readonly say: 'truncate'; readonly file: FileId; readonly extents: number }
  | { readonly say: 'delete'; readonly file: FileId }
  | { readonly say: 'replace'; readonly name: string; readonly payload: object }
  | { readonly say: 'fsync'; readonly files: readonly FileId[]; readonly token: number }
  | {
      readonly say: 'produced';
      readonly records: readonly ProducerRecord[];
      readonly errorCode: number;
      readonly baseOffset: number;
      readonly written: Written;
    }
  | { readonly say: 'partitioned'; readonly ids: readonly number[]; readonly partition: number }
  | {
      readonly say: 'polled';
      readonly partition: number;
      readonly batch: RecordBatch;
      readonly from: number;
      readonly to: number;
    }
  | { readonly say: 'assigned'; readonly partitions: readonly number[] }
  | { readonly say: 'revoked'; readonly partitions: readonly number[]; readonly lost: boolean }
  | { readonly say: 'complete'; readonly id: number; readonly errorCode: number }
  | { readonly say: 'note'; readonly code: NoteCode; readonly numbers: readonly number[] };

type Saying<S extends Effect['say']> = Extract<Effect, { say: S }>;

interface File {
  readonly name: string;
  readonly extents: { payload: unknown; bytes: number; intact: boolean }[];
}

export class RecordingOut implements Out {
  /** Everything said, oldest first. */
  readonly said: Effect[] = [];
  private readonly files = new Map<FileId, File>();
  private readonly small = new Map<string, object>();

  /** What was said of one kind; see {@link take}. */
  all<S extends Effect['say']>(say: S): Saying<S>[] {
    return this.said.filter((effect): effect is Saying<S> => effect.say === say);
  }

  /** The same, and forgets everything said so far. */
  take<S extends Effect['say']>(say: S): Saying<S>[] {
    const found = this.all(say);
    this.said.length = 0;
    return found;
  }

  /** Numbers of the notes with this code. */
  notes(code: NoteCode): (readonly number[])[] {
    return this.all('note')
      .filter((note) => note.code === code)
      .map(({ numbers }) => numbers);
  }

  /** What a process that starts on this disk gets; `tear` makes the last extent of the file with this name fail its checksum. */
  recovered(tear: string | null = null): RecoveredFile[] {
    const images: RecoveredFile[] = [];
    for (const [file, { name, extents }] of this.files) {
      const torn = name === tear ? extents.length - 1 : -1;
      images.push({ file, name, extents: extents.map((extent, i) => ({ ...extent, intact: extent.intact && i !== torn })) });
    }
    for (const [name, payload] of this.small) images.push({ file: -1, name, extents: [{ payload, bytes: 0, intact: true }] });
    return images;
  }

  /** The disk of a former life. */
  load(recovered: readonly RecoveredFile[]): void {
    for (const { file, name, extents } of recovered) {
      if (file >= 0) this.files.set(file, { name, extents: extents.map((extent) => ({ ...extent })) });
      else this.small.set(name, extents[0]!.payload as object);
    }
  }

  /** A power loss: of the file with this name only so many extents are left. */
  lose(name: string, kept: number): void {
    for (const file of this.files.values()) if (file.name === name) file.extents.length = Math.min(kept, file.extents.length);
  }

  /** The content of a small file. */
  checkpoint(name: string): object | undefined {
    return this.small.get(name);
  }

  /** Names of the files, and how many extents each has. */
  get fileSizes(): Record<string, number> {
    return Object.fromEntries([...this.files.values()].map(({ name, extents }) => [name, extents.length]));
  }

  // ---- Out

  listen(): void {
    this.said.push({ say: 'listen' });
  }
  connect(connection: ConnectionId, to: HostId): void {
    this.said.push({ say: 'connect', connection, to });
  }
  send(connection: ConnectionId, header: RequestHeader, body: RequestBody, expectResponse: boolean): void {
    this.said.push({ say: 'send', connection, header, body, expectResponse });
  }
  reply(connection: ConnectionId, correlationId: number, body: ResponseBody | null): void {
    this.said.push({ say: 'reply', connection, correlationId, body });
  }
  close(connection: ConnectionId): void {
    this.said.push({ say: 'close', connection });
  }
  setTimer(key: number, delayUs: number): void {
    this.said.push({ say: 'setTimer', key, delayUs });
  }
  cancelTimer(key: number): void {
    this.said.push({ say: 'cancelTimer', key });
  }
  create(file: FileId, name: string): void {
    this.files.set(file, { name, extents: [] });
    this.said.push({ say: 'create', file, name });
  }
  append(file: FileId, payload: object, bytes: number): void {
    this.files.get(file)!.extents.push({ payload, bytes, intact: true });
    this.said.push({ say: 'append', file, payload, bytes });
  }
  truncate(file: FileId, extents: number): void {
    this.files.get(file)!.extents.length = extents;
    this.said.push({ say: 'truncate', file, extents });
  }
  delete(file: FileId): void {
    this.files.delete(file);
    this.said.push({ say: 'delete', file });
  }
  replace(name: string, payload: object): void {
    this.small.set(name, payload);
    this.said.push({ say: 'replace', name, payload });
  }
  fsync(files: readonly FileId[], token: number): void {
    this.said.push({ say: 'fsync', files, token });
  }
  produced(records: readonly ProducerRecord[], errorCode: number, baseOffset: number, written: Written): void {
    this.said.push({ say: 'produced', records, errorCode, baseOffset, written });
  }
  partitioned(records: readonly ProducerRecord[], from: number, to: number, partition: number): void {
    const ids = records.slice(from, to).map(({ id }) => id);
    this.said.push({ say: 'partitioned', ids, partition });
  }
  polled(_topic: string, partition: number, batch: RecordBatch, from: number, to: number): void {
    this.said.push({ say: 'polled', partition, batch, from, to });
  }

  assigned(_topic: string, partitions: readonly number[]): void {
    this.said.push({ say: 'assigned', partitions });
  }

  revoked(_topic: string, partitions: readonly number[], lost: boolean): void {
    this.said.push({ say: 'revoked', partitions, lost });
  }
  complete(id: number, errorCode: number): void {
    this.said.push({ say: 'complete', id, errorCode });
  }
  halt(): void {
    this.said.push({ say: 'halt' });
  }
  note(code: NoteCode, a = 0, b = 0, c = 0, d = 0): void {
    this.said.push({ say: 'note', code, numbers: [a, b, c, d] });
  }
}
