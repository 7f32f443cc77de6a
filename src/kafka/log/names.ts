/**
 * Names of a log's directory and of the files in it. Each is made once: a text that is built anew has to be hashed anew wherever it is
 * looked up, and every run makes the same ones. Source: LogFileUtils.java, LeaderEpochCheckpointFile.java, PartitionMetadataFile.java.
 */
import type { Offset } from '../../base/units.ts';

/** By topic, then by partition. */
const directories = new Map<string, string[]>();

/** Name of a partition's directory, `orders-0`. */
export function directoryName(topic: string, partition: number): string {
  let known = directories.get(topic);
  if (known === undefined) {
    known = [];
    directories.set(topic, known);
  }
  while (known.length <= partition) known.push(`${topic}-${known.length}`);
  return known[partition]!;
}

interface FileNames {
  readonly epochCheckpoint: string;
  readonly metadata: string;
  readonly firstSegment: string;
}

/** By directory. */
const files = new Map<string, FileNames>();

function filesOf(directory: string): FileNames {
  let known = files.get(directory);
  if (known === undefined) {
    known = {
      epochCheckpoint: `${directory}/leader-epoch-checkpoint`,
      metadata: `${directory}/partition.metadata`,
      firstSegment: segmentAt(directory, 0),
    };
    files.set(directory, known);
  }
  return known;
}

function segmentAt(directory: string, baseOffset: Offset): string {
  return `${directory}/${String(baseOffset).padStart(20, '0')}.log`;
}

/** Name of the leader epoch checkpoint of a log. */
export function epochCheckpointName(directory: string): string {
  return filesOf(directory).epochCheckpoint;
}

/** Name of the file that says which topic a log belongs to. */
export function partitionMetadataName(directory: string): string {
  return filesOf(directory).metadata;
}

/** Name of a segment's file. */
export function segmentFileName(directory: string, baseOffset: Offset): string {
  return baseOffset === 0 ? filesOf(directory).firstSegment : segmentAt(directory, baseOffset);
}
