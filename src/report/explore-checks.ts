/** Explorations as checks, one a case. */
import type { Check } from './checks.ts';
import { type ExploredCase, exploredText } from './explore-text.ts';
import { say } from './messages/catalogue.ts';
import { plain } from './paint.ts';
import { kindWord } from './shrunk-text.ts';

/** An explored case as a check; `place` is where it is written. */
export function exploreCheck(one: ExploredCase, broken: boolean, place: Pick<Check, 'file' | 'line'>): Check {
  const { name, explored, discoveries, again } = one;
  const outcome = broken ? 'expectation-broken' : explored.bit === 0 ? 'inconclusive' : 'as-expected';
  const found = discoveries.map(({ found: { fingerprint, runs } }) => {
    return `${kindWord(fingerprint.kind)} (${fingerprint.because}): ${say('explore', 'share', { runs, of: explored.bit })}`;
  });
  const seed = explored.failures[0]?.seed ?? discoveries[0]?.found.seed;
  const command = seed === undefined ? again : `${again} --seed ${seed}`;
  const details = `${exploredText(one, { paint: plain, quiet: true }, null)}${say('explore', 'again', { command })}`;
  return {
    group: 'explore',
    name,
    outcome,
    message: outcome === 'as-expected' ? '' : [...found, ...explored.failures.map(({ message }) => message)].join(' · '),
    details: outcome === 'as-expected' ? '' : details,
    again: command,
    ...place,
  };
}
