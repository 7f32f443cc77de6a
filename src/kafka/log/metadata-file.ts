/** The one file in which a KRaft controller or ZooKeeper keeps what it has decided. */
import type { Out, RecoveredFile } from '../machine.ts';

/** The file as it is after a start. */
export interface OpenedFile {
  readonly file: number;
  /** How many appends it holds. */
  readonly appends: number;
}

/** Opens the file of this name, or makes it. Each append is handed to `replay`, in order; the first that is torn ends it. */
export function openMetadataFile(
  recovered: readonly RecoveredFile[],
  name: string,
  out: Out,
  replay: (payload: unknown) => void,
): OpenedFile {
  const found = recovered.find((candidate) => candidate.name === name);
  if (found === undefined) {
    out.create(0, name);
    return { file: 0, appends: 0 };
  }
  const { file, extents } = found;
  for (const [appends, { intact, payload }] of extents.entries()) {
    if (!intact) {
      out.truncate(file, appends);
      return { file, appends };
    }
    replay(payload);
  }
  return { file, appends: extents.length };
}
