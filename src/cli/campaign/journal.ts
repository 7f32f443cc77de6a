/**
 * The journal of a campaign that may be cut short: results go to it one by one, and whoever asks for the same campaign again goes on from
 * it. A journal of another request is left alone.
 */
import { closeSync, ftruncateSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { badInput } from '../failure.ts';
import { kindOf, readBytes, reason, writeWhole } from '../files.ts';
import { type Header, journalHead, journalLine, readJournal } from './kept.ts';
import { differenceOf } from './same-request.ts';

/** An open journal. */
export interface Journal {
  /** What was found in it. */
  readonly found: ReadonlyMap<number, unknown>;
  write(index: number, result: unknown): void;
  close(): void;
  /** Closes it and takes it away: what it held stands elsewhere. */
  remove(): void;
}

/** Opens the journal, or begins it with the results that are known already. @throws BadInput */
export function openJournal(cwd: string, file: string, about: Header, known: ReadonlyMap<number, unknown>): Journal {
  const exists = kindOf(cwd, file) !== 'missing';
  if (!exists) writeWhole(cwd, file, [journalHead(about), ...[...known].map(([index, result]) => journalLine(index, result))]);
  const read = readJournal(readBytes(cwd, file));
  if (typeof read === 'string') throw badInput(read, { file });
  const difference = differenceOf(about, read.header);
  if (difference !== null) throw badInput('journal-of-another', { file, ...difference });
  const descriptor = opened(cwd, file);
  ftruncateSync(descriptor, read.bytes);
  let open = true;
  const close = (): void => {
    if (open) closeSync(descriptor);
    open = false;
  };
  return {
    found: read.results,
    write: (index, result) => {
      try {
        writeFileSync(descriptor, journalLine(index, result));
      } catch (error) {
        throw badInput('cannot-write', { file, why: reason(error) });
      }
    },
    close,
    remove: () => {
      close();
      rmSync(resolve(cwd, file), { force: true });
    },
  };
}

function opened(cwd: string, file: string): number {
  try {
    return openSync(resolve(cwd, file), 'a');
  } catch (error) {
    throw badInput('cannot-write', { file, why: reason(error) });
  }
}
