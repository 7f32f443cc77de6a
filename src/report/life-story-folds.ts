/** Shortens a life story: what comes again and again is told twice, and then how often it came again. */
import type { NoteCode } from '../kafka/notes.ts';
import type { StoryStep } from './explain-text.ts';

/** Notes that come again and again while something stays wrong, or a member cannot keep up. */
const repeatingNotes = [
  'produce-refused',
  'out-of-order-sequence',
  'batch-retried',
  'request-timed-out',
  'connection-reset',
  'group-rebalancing',
  'member-removed',
  'offset-commit-refused',
  'membership-lost',
  'poll-interval-exceeded',
  'position-from-commit',
  'offset-reset',
  'commit-failed',
] satisfies NoteCode[];
const repeating: ReadonlySet<string> = new Set([...repeatingNotes, 'handed', 'threw', 'applied', 'refused-by-sink']);
/** How often such a step is told before the rest becomes one line. */
const toldTimes = 2;

/** What one process repeats, with one error, is told twice; then once how often it came again, and for how long. */
export function folded(steps: readonly StoryStep[]): StoryStep[] {
  const keyOf = ({ host, code, params }: StoryStep): string | null =>
    repeating.has(code) ? `${host} ${code} ${params['errorCode'] ?? ''}` : null;
  const all = new Map<string, StoryStep[]>();
  for (const step of steps) {
    const key = keyOf(step);
    if (key !== null) all.set(key, [...(all.get(key) ?? []), step]);
  }
  const told = steps.flatMap((step): StoryStep[] => {
    const group = all.get(keyOf(step) ?? '') ?? [step];
    const at = group.indexOf(step);
    const last = group.at(-1) ?? step;
    if (group.length <= toldTimes + 1 || at < toldTimes) return [step];
    if (at > toldTimes) return [];
    const params = { count: group.length - toldTimes, forUs: last.atUs - step.atUs };
    return [{ atUs: step.atUs, host: step.host, section: 'story', code: 'and-again', params }];
  });
  // A process that repeats several things in turn says so once.
  return told.filter(({ code, host }, i) => {
    let before = i - 1;
    while (told[before]?.code === 'and-again' && told[before]?.host !== host) before--;
    return code !== 'and-again' || told[before]?.code !== 'and-again';
  });
}
