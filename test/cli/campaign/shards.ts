/** Runs a command whole, and as shards that are merged. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { engine } from '../../../src/cli/live-engine.ts';
import { type Called, call, freshFolder } from '../harness.ts';

/** What a call left behind: its stdout, its exit status, the file that it was told to write. */
export interface Left {
  readonly code: number;
  readonly out: string;
  readonly file: string | null;
}

/** Calls with the engine that simulates. */
export function really(args: readonly string[], cwd: string): Promise<Called> {
  return call(args, { engine, cwd });
}

/** What a call with these flags of showing leaves behind. */
export async function left(args: readonly string[], show: readonly string[], cwd: string): Promise<Left> {
  const { code, out } = await really([...args, ...show], cwd);
  const file = show.flatMap((flag, i) => (show[i - 1] === '--output-file' ? [join(cwd, flag)] : []))[0];
  return { code, out, file: file !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : null };
}

/** Does every shard, with other numbers of workers; gives the files of the blobs. */
export async function shards(args: readonly string[], of: number, cwd: string): Promise<string[]> {
  const files: string[] = [];
  for (let index = 1; index <= of; index++) {
    const file = `part-${index}-of-${of}.blob`;
    const { code, err } = await really([...args, '--shard', `${index}/${of}`, '--output-file', file], cwd);
    if (code !== 0) throw new Error(`shard ${index}/${of} ended with ${code}: ${err}`);
    files.push(file);
  }
  return files;
}

/** A folder with the parts of a small campaign in it. */
export async function folderOfParts(of: number): Promise<{ readonly cwd: string; readonly files: readonly string[] }> {
  const cwd = freshFolder();
  return { cwd, files: await shards(['run', 'acks-1-leader-crash', '-n', '3'], of, cwd) };
}
