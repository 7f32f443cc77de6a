/**
 * `spillway merge`: what the shards of a campaign found, shown as one machine that had done all of it would show it, with its exit status.
 */
import type { CampaignVerb } from '../campaign/campaign.ts';
import { readShown, type ShowFlags } from '../campaign/flags.ts';
import { outcomeOf, type Part, readParts } from '../campaign/parts.ts';
import { presenter } from '../campaign/present.ts';
import { campaignVerbs } from '../campaign/verbs.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { badInput } from '../failure.ts';

/** Merges blobs. @throws BadInput */
export async function mergeCommand(files: readonly string[], options: ShowFlags, context: Context): Promise<ExitCode> {
  const parts = readParts(context.terminal.cwd, files);
  const { file, header } = parts[0]!;
  const verb = Object.hasOwn(campaignVerbs, header.verb) ? campaignVerbs[header.verb] : undefined;
  if (verb === undefined) throw badInput('corrupted', { file });
  return show(verb, parts, options, context);
}

async function show<Request, Task, Result>(
  verb: CampaignVerb<Request, Task, Result>,
  parts: readonly Part[],
  options: ShowFlags,
  context: Context,
): Promise<ExitCode> {
  const { file, header } = parts[0]!;
  if (!verb.request.safeParse(header.request).success) throw badInput('corrupted', { file });
  const request = header.request as Request;
  const shown = readShown(options, verb, context);
  const engine = await context.engine();
  const outcome = outcomeOf(verb, verb.campaign(request, engine), parts);
  const presented = presenter({ verb, request, engine }, shown, context);
  for (const [index, result] of outcome.results.entries()) if (result !== undefined) presented.take(index, result);
  return presented.end(outcome);
}
