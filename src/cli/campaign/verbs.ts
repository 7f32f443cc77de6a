/** The verbs whose work can be shared among machines, by name: what `merge` can put together. */
import type { CampaignVerb } from './campaign.ts';
import { exploreVerb, soakVerb } from './explore-verb.ts';
import { matrixVerb } from './matrix-verb.ts';
import { runVerb } from './run-verb.ts';

// Each has a request and a result of its own; whoever takes one from here checks what it gives it.
type Any = CampaignVerb<unknown, unknown, unknown>;

export const campaignVerbs: Readonly<Record<string, Any>> = {
  run: runVerb as unknown as Any,
  matrix: matrixVerb as unknown as Any,
  explore: exploreVerb as unknown as Any,
  soak: soakVerb as unknown as Any,
};
