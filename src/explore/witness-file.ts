/**
 * A witness as a file that people read and keep: a scenario with its choices, that expects what was found. Whatever takes a scenario
 * takes it. Written as YAML or as TypeScript.
 */
import json5 from 'json5';
import { Document, visit } from 'yaml';
import type { BecauseCode } from '../oracle/because.ts';
import { type Anomaly, type Harm, harms } from '../oracle/verdict.ts';
import { printChoice } from '../scenario/choices.ts';
import type { Evaluated } from '../scenario/evaluate-case.ts';
import { scenarioOf } from '../scenario/scenario-of.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { Fingerprint } from './finding.ts';
import type { Witness } from './witness.ts';

/** What is said of a witness besides what it shows. */
export interface WitnessAbout {
  /** One sentence. */
  readonly claim: string;
  /** Where it was found: the run and its seed, the version of the engine. */
  readonly source: string;
}

/** The scenario that shows what a witness shows. `replayed` is its run: harms beside the one that was found are allowed. */
export function witnessScenario(
  { plan, choices, fingerprint }: Witness,
  { judgement }: Pick<Evaluated, 'judgement'>,
  { claim, source }: WitnessAbout,
): Scenario {
  const beside = harms.filter((harm) => harm !== fingerprint.kind && judgement.counts[harm] > 0);
  return scenarioOf(plan, {
    claim,
    source,
    choices: Object.fromEntries(choices.map((choice) => [printChoice(choice), choice.value])),
    ...(beside.length === 0 ? {} : { allow: beside as Harm[] }),
    expect: expected(fingerprint, judgement.anomalies),
  });
}

/** A promise of the model holds in every run, so of one that was broken nothing can be expected. */
function expected({ kind, because }: Fingerprint, anomalies: readonly Anomaly[]): NonNullable<Scenario['expect']> {
  if (kind === 'invariant') return {};
  if (kind === 'unavailable') return { unavailable: '>= 1' };
  const own = anomalies.filter((anomaly) => anomaly.kind === kind).map((anomaly) => anomaly.because.code);
  const causes = [...new Set([because, ...own])] as BecauseCode[];
  return { [kind]: '>= 1', because: causes.length === 1 ? causes[0]! : causes };
}

/** How long a map or list may be to stand on one line. */
const lineRoom = 100;

/** The scenario as a YAML file. */
export function scenarioYaml(scenario: Scenario): string {
  // A link that many share is written out each time: aliases are no friends of readers, and readers of YAML bound their number.
  const document = new Document(scenario, { aliasDuplicateObjects: false });
  visit(document, {
    Collection(_, node, path) {
      // What fits on a line stands on one; the headings of a scenario keep theirs.
      if (path.length > 2 && JSON.stringify(node).length <= lineRoom) {
        node.flow = true;
        return visit.SKIP;
      }
      return undefined;
    },
  });
  return document.toString({ lineWidth: 120, flowCollectionPadding: true });
}

/** The scenario as a TypeScript file. */
export function scenarioTypeScript(scenario: Scenario): string {
  const literal = json5.stringify(scenario, { space: 2, quote: "'" });
  return `import { defineScenario } from 'spillway';\n\nexport default defineScenario(${literal});\n`;
}
