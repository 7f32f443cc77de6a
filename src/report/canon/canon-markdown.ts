/**
 * `docs/canon.md`: every case of the canon with its source, what is expected of it and what was got; or what is missing to show it. What
 * was got comes from runs; nothing of it is written by hand.
 */
import { replayLine } from '../claims-markdown.ts';
import { markdownTable } from '../markdown-table.ts';
import { harms } from '../messages/en/words.ts';
import { type CanonCase, type CanonSection, flagOf } from './canon-case.ts';
import { type CaseRuns, canonSeeds, type Spread } from './canon-runs.ts';
import { type ChaosRow, chaosRows } from './chaos-table.ts';

/** What the document is made from: the cases, and the runs of each scenario that they name. */
export interface Canon {
  readonly sections: readonly CanonSection[];
  /** By name of scenario. */
  readonly runs: ReadonlyMap<string, readonly CaseRuns[]>;
  /** By number of case, of those that can be shown as they were. */
  readonly asItWas: ReadonlyMap<number, CaseRuns>;
}

/** The whole document. */
export function canonMarkdown(canon: Canon): string {
  const { sections, runs } = canon;
  const cases = sections.flatMap((section) => section.cases);
  const whole = cases.filter((one) => isShown(one) && one.lacks === null).length;
  const partly = cases.filter((one) => isShown(one) && one.lacks !== null).length;
  return [
    '# The canon: published failures, and what Spillway makes of them',
    '',
    'Every published way that was found in which Kafka loses, duplicates, reorders or stalls, by number; a few numbers were struck out.',
    `Of ${cases.length} cases ${whole} are shown, ${partly} are shown in part, and ${cases.length - whole - partly} cannot be shown yet:`,
    'they say what is missing.',
    `What was *got* is printed from runs with the seeds 1 to ${canonSeeds}; a range says that the seeds differ. The file is generated`,
    '(`npm run golden`), and a test holds it to what the runs give.',
    '',
    'What a source is worth is said with it: *published* (a report or an issue that tells what happened), *derived* (the number follows',
    "from documented rules), *Kafka's own test*, or *from memory, unchecked*. **No case has been checked against a real cluster**: what is",
    'compared is this model with what was published.',
    '',
    ...sections.flatMap((section) => [`## ${section.title}`, '', ...section.cases.flatMap((one) => caseLines(one, canon))]),
    ...chaosLines(runs),
  ].join('\n');
}

/** Whether anything shows it. */
export function isShown({ shownBy, asItWas }: CanonCase): boolean {
  return shownBy.length > 0 || asItWas !== null;
}

function caseLines(one: CanonCase, canon: Canon): string[] {
  const { number, title, source, evidence, versions, expected, shownBy, lacks, differs, asItWas } = one;
  const { runs } = canon;
  const was = canon.asItWas.get(number);
  const name = `### ${number} · ${title}`;
  const got = shownBy.flatMap((scenario) => [
    `- got, \`${scenario}\`:`,
    ...runsOf(scenario, runs).map((ran) => `  - ${gotLine(ran, one.printsLog)}`),
  ]);
  return [
    name,
    '',
    `- source (${evidence}; ${ofVersions(versions)}): ${source}`,
    `- expected: ${expected}`,
    ...got,
    ...(asItWas === null || was === undefined
      ? []
      : [`- got as it was, \`${asItWas.scenario}\` with \`${flagOf(asItWas)}\`:`, `  - ${gotLine(was, one.printsLog)}`]),
    ...(differs === null ? [] : [`- differs: ${differs}`]),
    ...(lacks === null ? [] : [`- lacking: ${lacks}`]),
    ...shownBy.map((scenario) => `- again: \`${replayLine(scenario)} --seeds ${canonSeeds}\``),
    ...(asItWas === null
      ? []
      : [`- again: \`${replayLine(`${asItWas.scenario}/${asItWas.caseName}`)} ${flagOf(asItWas)} --seeds ${canonSeeds}\``]),
    '- never checked on a real cluster',
    '',
  ];
}

/** `all` and what is no Kafka read on by themselves. */
function ofVersions(versions: string): string {
  if (versions === 'all') return 'Kafka, all versions';
  return /\d|ZooKeeper/.test(versions) ? `Kafka ${versions}` : versions;
}

function runsOf(scenario: string, runs: Canon['runs']): readonly CaseRuns[] {
  const found = runs.get(scenario);
  if (found === undefined) throw new Error(`the canon names ${scenario}, which was not run`);
  return found;
}

function gotLine({ caseName, counts, logs }: CaseRuns, printsLog: boolean): string {
  const told = counts.map(spreadText).join(', ');
  const log = printsLog ? `; log ${logs.map((text) => `\`${text}\``).join(' or ')}` : '';
  return `*${caseName ?? 'always'}* ${told}${log}`;
}

const words: Readonly<Record<string, string>> = {
  ...harms,
  readOutOfOrder: 'read out of order',
  keysSpread: 'keys in several partitions',
  idleMembers: 'idle members',
  commitsRefused: 'commits refused',
};

function spreadText({ name, least, most }: Spread): string {
  return `${words[name] ?? name} ${range(least, most)}`;
}

function range(least: number, most: number): string {
  return least === most ? `${grouped(least)}` : `${grouped(least)}–${grouped(most)}`;
}

/** 1,000 for 1000. */
function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

function chaosLines(runs: Canon['runs']): string[] {
  const cells = (row: ChaosRow): string[] => {
    const ran = runsOf(row.scenario, runs).find(({ caseName }) => caseName === row.caseName);
    const count = (name: string): string => {
      const found = ran?.counts.find((one) => one.name === name);
      return found === undefined ? '0' : range(found.least, found.most);
    };
    return [
      row.id,
      row.what,
      row.acks,
      grouped(row.published.acknowledged),
      grouped(row.published.lost),
      count('acknowledged'),
      count('lost'),
      `\`${row.scenario}/${row.caseName}\``,
    ];
  };
  return [
    "## The chaos scripts' table, in shape",
    '',
    "Bhuiyan's rerun of Vanlightly's ChaosTestingCode (2019, Kafka 2.3 with ZooKeeper, RF 3, librdkafka without retries) beside the",
    'scenarios that have its form. Here metadata is in KRaft but for S6 and S7, rates and numbers of records are smaller, so what compares',
    'is the order: far more under a zombie leader than under a crash at a high rate, more there than at a low one; none with acks=all.',
    '',
    ...markdownTable(
      ['row', 'fault', 'acks', 'acknowledged there', 'lost there', 'acknowledged here', 'lost here', 'scenario'],
      chaosRows.map(cells),
    ),
    '',
  ];
}
