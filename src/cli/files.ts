/** Files in and out. What cannot be read or written is the user's to know; a file is written whole or not at all. */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { say, sayCode } from '../report/messages/catalogue.ts';
import { badInput } from './failure.ts';

/** The text of a file, relative to `cwd`. @throws BadInput */
export function readText(cwd: string, file: string): string {
  return readBytes(cwd, file).toString('utf8');
}

/** The bytes of a file, relative to `cwd`. @throws BadInput */
export function readBytes(cwd: string, file: string): Buffer {
  try {
    return readFileSync(resolve(cwd, file));
  } catch (error) {
    throw badInput('cannot-read', { file, why: reason(error) });
  }
}

/** `missing`, `file` or `folder`. */
export function kindOf(cwd: string, file: string): 'missing' | 'file' | 'folder' {
  const stats = existsSync(resolve(cwd, file)) ? statSync(resolve(cwd, file)) : undefined;
  if (stats === undefined) return 'missing';
  return stats.isDirectory() ? 'folder' : 'file';
}

/**
 * Writes a file through a temporary one beside it, so that nobody ever finds half of it; makes its folder. What is too long for one text
 * comes in parts. With `keep` a file that exists stays as it is. @throws BadInput
 */
export function writeWhole(cwd: string, file: string, text: string | Iterable<string>, { keep = false } = {}): void {
  const path = resolve(cwd, file);
  if (keep && kindOf(cwd, file) !== 'missing') throw badInput('file-exists', { file });
  const fresh = join(dirname(path), `.${basename(path)}.${process.pid}`);
  try {
    mkdirSync(dirname(path), { recursive: true });
    const descriptor = openSync(fresh, 'wx');
    try {
      for (const part of typeof text === 'string' ? [text] : text) writeFileSync(descriptor, part);
    } finally {
      closeSync(descriptor);
    }
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw badInput('cannot-write', { file, why: reason(error) });
  }
}

/** Tells now, before a long run, that a file could not be written then; writes nothing. @throws BadInput */
export function assertWritable(cwd: string, file: string): void {
  if (kindOf(cwd, file) === 'folder') throw badInput('cannot-write', { file, why: say('commandLine', 'is-a-folder', {}) });
  let place = dirname(resolve(cwd, file));
  while (!existsSync(place)) place = dirname(place);
  try {
    accessSync(place, constants.W_OK);
    if (!statSync(place).isDirectory()) throw Object.assign(new Error(place), { code: 'ENOTDIR' });
  } catch (error) {
    throw badInput('cannot-write', { file, why: reason(error) });
  }
}

/** The same of a folder that files are to be written into. @throws BadInput */
export function assertFolderWritable(cwd: string, folder: string): void {
  if (kindOf(cwd, folder) === 'file')
    throw badInput('cannot-write', { file: folder, why: sayCode('commandLine', 'path-without-folder', {}) });
  assertWritable(cwd, join(folder, 'file'));
}

/** Codes of the catalogue for what the operating system answers. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no-such-file',
  EACCES: 'access-denied',
  EPERM: 'not-permitted',
  EISDIR: 'is-a-folder',
  ENOTDIR: 'path-without-folder',
  EROFS: 'read-only',
  ENOSPC: 'disk-full',
  EEXIST: 'path-without-folder',
};

/** What the operating system answered, in words. */
export function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const known = reasons[code ?? ''];
  return known === undefined ? message : sayCode('commandLine', known, {});
}
