/**
 * The story of an anomaly that is about no single record (a cluster or a group that is STUCK): deaths and returns, elections and ISRs of
 * its partition, and what its group went through, up to the end of the run. Pure; decides nothing about verdicts.
 */
import type { NoteCode } from '../kafka/notes.ts';
import type { StoryStep } from './explain-text.ts';
import { isDeath, type LifeSource, tellThemselves, turns } from './life-story.ts';
import { folded } from './life-story-folds.ts';
import { isNote, type NoteRow, noteValues } from './note-row.ts';

/** What the controller and brokers say of a partition, and whether it is a turn. */
const ofPartitions: ReadonlyMap<string, 'step' | 'turn'> = new Map<NoteCode, 'step' | 'turn'>([
  ['leader-elected', 'step'],
  ['unclean-leader-elected', 'turn'],
  ['last-known-leader-elected', 'turn'],
  ['eligible-leader-replicas-changed', 'step'],
  ['partition-offline', 'turn'],
  ['became-leader', 'step'],
  ['isr-changed', 'step'],
  ['log-recovered', 'step'],
  ['log-truncated', 'step'],
  ['log-start-advanced', 'step'],
  ['log-restarted', 'turn'],
  ['torn-batch-dropped', 'step'],
]);

/** What brokers and members say of groups. */
const ofGroups: ReadonlySet<string> = new Set<NoteCode>([
  'coordinator-found',
  'group-rebalancing',
  'member-removed',
  'offset-commit-refused',
  'membership-lost',
  'poll-interval-exceeded',
  'position-from-commit',
  'commit-failed',
]);

/** What the story is about: without a partition, all of them; without groups, none. */
export interface ClusterPart {
  readonly partition: string | null;
  readonly groups: boolean;
}

/** The steps, times counted from the beginning of the run. */
export function clusterStoryOf(source: LifeSource, part: ClusterPart): readonly StoryStep[] {
  const steps: StoryStep[] = [];
  for (const note of source.notes) {
    if (note.atUs < source.startedAtUs || !isNote(note)) continue;
    const said = saidOf(note, source, part);
    if (said === null) continue;
    const weight = said === 'turn' ? { weight: said } : {};
    const host = source.hosts[note.host] ?? `host-${note.host}`;
    steps.push({ atUs: note.atUs, host, section: 'notes', code: note.code, params: noteValues(note, source), ...weight });
  }
  return folded(steps).map((step) => ({ ...step, atUs: step.atUs - source.startedAtUs }));
}

function saidOf(note: NoteRow, source: LifeSource, { partition, groups }: ClusterPart): 'step' | 'turn' | null {
  const { code } = note;
  if (code === 'former-life-registered') return 'turn';
  if (turns.has(code)) return isDeath(note) ? 'turn' : 'step';
  if (code === 'broker-unfenced') return 'step';
  if (code === 'fault-injected' || code === 'fault-healed')
    return tellThemselves.has(String(noteValues(note, source)['fault'])) ? null : 'step';
  if (groups && ofGroups.has(code)) return 'step';
  const weight = ofPartitions.get(code);
  if (weight === undefined) return null;
  const { topic, partition: number } = noteValues(note, source);
  return partition === null || `${topic}-${number}` === partition ? weight : null;
}
