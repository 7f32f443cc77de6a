/** `spillway shrink`: the smallest run that still shows what a run showed, and its story. */

import type { FindingKind } from '../../explore/finding.ts';
import { scenarioTypeScript, scenarioYaml } from '../../explore/witness-file.ts';
import { harms } from '../../oracle/verdict.ts';
import { explainText } from '../../report/explain-text.ts';
import { lifeOf } from '../../report/life-story.ts';
import { say } from '../../report/messages/catalogue.ts';
import { shrunkText } from '../../report/shrunk-text.ts';
import type { Context } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { printFlags, quoted, readName } from '../flags.ts';
import { checkOutput, writeOutput } from '../output.ts';
import { progressFor } from '../progress.ts';
import { clusterStory, firstHarmed, storyOf } from './explain.ts';
import { askedRun, type ToldOptions } from './told-run.ts';

/** Flags of the verb. */
export interface ShrinkFlags extends ToldOptions {
  readonly json?: boolean;
  readonly harm?: string;
  readonly outputFile?: string;
}

/** Shrinks a run. @throws BadInput */
export async function shrinkCommand(name: string, flags: ShrinkFlags, context: Context): Promise<ExitCode> {
  const { terminal, paint, quiet } = context;
  checkOutput(flags.outputFile, ['.yaml', '.yml', '.ts', '.json'], context);
  const harm =
    flags.harm === undefined ? null : (readName('not-a-harm', flags.harm, [...harms, 'unavailable', 'invariant']) as FindingKind);
  const asked = await askedRun(name, flags, context);
  const again = `spillway shrink ${quoted(asked.name)}${printFlags({ '--seed': asked.seed, '--harm': flags.harm, '--set': flags.set })}`;
  const progress = await progressFor(terminal, quiet, 'progress-shrinking');
  const engine = await context.engine();
  let shrunk: ReturnType<typeof engine.shrink>;
  try {
    const { seed, mutant } = asked;
    shrunk = engine.shrink({ plan: asked.plan(), seed, choices: asked.choices(), mutant, again }, harm, (runs) =>
      progress.at(runs, 0),
    );
  } finally {
    progress.end();
  }
  if (shrunk === null) {
    terminal.out(` ${asked.name}: ${say('run', 'nothing-happened', {})}\n`);
    return ExitCode.ok;
  }
  const { witness, runs, minimal, told, scenario } = shrunk;
  writeOutput(
    flags.outputFile,
    {
      '.yaml': () => scenarioYaml(scenario),
      '.yml': () => scenarioYaml(scenario),
      '.ts': () => scenarioTypeScript(scenario),
      '.json': () => `${JSON.stringify(witness, null, 2)}\n`,
    },
    context,
  );
  if (flags.json === true) {
    terminal.out(`${JSON.stringify({ schema: 1, run: asked.name, seed: asked.seed, runs, minimal, witness, replay: again })}\n`);
    return ExitCode.ok;
  }
  terminal.out(shrunkText(asked.name, shrunk, paint));
  const id = told.anomalies.find(({ kind, record }) => kind === witness.fingerprint.kind && record !== null)?.recordId;
  const aboutCluster = told.anomalies.some(({ kind, record }) => kind === witness.fingerprint.kind && record === null);
  const record = id ?? (aboutCluster ? null : firstHarmed(told));
  if (record === null && !aboutCluster) return ExitCode.ok;
  const story = record === null ? clusterStory(told) : storyOf(told, record, lifeOf({ ...told, notes: told.trace }, record));
  terminal.out(`\n${explainText(story, paint)}`);
  return ExitCode.ok;
}
