/** Where each mutant is looked for by exploration, and what counts as having found it. */
import { compile } from '../../src/cluster/compile.ts';
import type { Mutant } from '../../src/cluster/mutants.ts';
import type { Rules } from '../../src/cluster/rules.ts';
import { planned } from '../../src/explore/explore.ts';
import { type Fingerprint, findingsOf } from '../../src/explore/finding.ts';
import { Swarm } from '../../src/explore/swarm.ts';
import { wildScenarios } from '../../src/explore/wild.ts';
import { RandomChoices } from '../../src/kernel/random-choices.ts';
import { evaluate } from '../../src/scenario/evaluate-case.ts';
import { shownIn } from './shown-in.ts';

/** A search gives up after so many seeds. */
export const most = 5000;

/** Where a mutant is looked for. */
export interface Hunt {
  readonly where: string;
  wanted(finding: Fingerprint): boolean;
  /** What a seed runs. */
  draw(seed: string): ReturnType<typeof planned>;
}

const [publish, consume, elections] = wildScenarios().map((scenario) => new Swarm(scenario, null)) as [Swarm, Swarm, Swarm];
const unpermitted = ({ permitted }: Fingerprint): boolean => !permitted;

/** By their place in `mutants`: what lies on the way out is looked for there. */
const wild: Readonly<Record<string, Swarm>> = {
  'no-dedup': publish,
  'ack-before-isr': publish,
  'no-truncation': publish,
  'fsync-does-nothing': publish,
  'high-watermark-ignores-a-follower': publish,
  'retries-forget-their-sequence': publish,
  'high-watermark-ignores-joiners': elections,
  'high-watermark-trusts-a-shrink': elections,
  'diverging-followers-count': elections,
  'joins-below-the-epoch-start': elections,
  'proposals-are-not-fenced': elections,
  'reset-policy-ignored': consume,
};

/** Where to look for a mutant. */
export function huntOf({ name, caughtBy }: Mutant): Hunt {
  const swarm = wild[name];
  if (swarm !== undefined) {
    return { where: swarm.name, wanted: unpermitted, draw: (seed) => planned(swarm, 'random', seed) };
  }
  const plan = shownIn[name]!;
  return {
    where: `${caughtBy} in ${plan.name}`,
    wanted: ({ kind, because }) => kind === caughtBy || because === caughtBy,
    draw: (seed) => ({ plan, choices: new RandomChoices(seed) }),
  };
}

/** The first seed from `from` on that shows it, and what; null when `most` seeds show nothing. */
export function firstFound(
  hunt: Hunt,
  rules: Rules,
  from: number,
  seeds = most,
): { readonly seed: number; readonly found: Fingerprint } | null {
  for (let seed = from; seed < from + seeds; seed++) {
    const { plan, choices } = hunt.draw(String(seed));
    const found = findingsOf(evaluate(compile(plan), { seed: '', trace: 'off', rules, choices })).find(hunt.wanted);
    if (found !== undefined) return { seed, found };
  }
  return null;
}
