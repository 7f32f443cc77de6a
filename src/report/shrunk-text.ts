/** A finding before and after it was shrunk, as text: what was taken away, and what is left. */

import type { FindingKind } from '../explore/finding.ts';
import type { Shrunk } from '../explore/shrink.ts';
import type { Witness } from '../explore/witness.ts';
import type { ChoiceEntry } from '../kernel/replay-choices.ts';
import type { Plan } from '../plan/plan.ts';
import { say } from './messages/catalogue.ts';
import { thousands } from './numbers.ts';
import { type Paint, plain } from './paint.ts';
import { sizesOf } from './sizes.ts';
import { padEnd, widthOf } from './width.ts';
import { wrap, wrapText } from './wrap.ts';

const width = 80;
/** Choices that are listed. */
const listed = 8;

/** What shrinking came to. */
export function shrunkText(
  name: string,
  { witness, first, runs, minimal }: Shrunk & { readonly first: Witness },
  paint: Paint = plain,
): string {
  const { plan, choices, fingerprint } = witness;
  const lines = [` ${paint.strong(name)}  ${paint.harm(kindWord(fingerprint.kind).toUpperCase())}`];
  const add = (text: string, indent = 3): void => {
    for (const line of wrapText(text, width - indent)) lines.push(' '.repeat(indent) + line);
  };
  add(say('shrink', minimal ? 'minimal' : 'not-minimal', { runs }));
  lines.push('');
  const sizes = sizesOf(witness);
  const before = sizesOf(first);
  const changes = Object.keys(sizes).map((what) =>
    say('shrink', 'change', {
      what: say('shrink', what as SizeName, {}),
      from: before[what as SizeName],
      to: sizes[what as SizeName],
    }),
  );
  for (const line of wrap(changes, ' · ', width - 3)) lines.push(`   ${line}`);
  lines.push('');
  const rows: [string, string][] = [];
  for (const topic of plan.topics) {
    const facts = say('shrink', 'topic', { partitions: topic.partitions, replicas: topic.replicationFactor });
    rows.push([topic.name, [facts, ...settingsOf(topic.config)].join(' · ')]);
  }
  for (const { name: producer, topic, config, send } of plan.producers) {
    rows.push([producer, [say('shrink', 'sends', { count: send.count, topic }), ...settingsOf(config)].join(' · ')]);
  }
  for (const { name: consumer, topic, config } of plan.consumers)
    rows.push([consumer, [say('shrink', 'reads', { topic }), ...settingsOf(config)].join(' · ')]);
  for (const { name: group, topic, config, memberStartsUs, commit, sink } of plan.groups ?? []) {
    const facts = say('shrink', 'group', { members: memberStartsUs.length, topic, commit, sink });
    rows.push([group, [facts, ...settingsOf(config)].join(' · ')]);
  }
  for (const fault of plan.faults) rows.push([say('run', 'label-fault', {}), faultWords(fault)]);
  for (const choice of choices.slice(0, listed)) rows.push([say('shrink', 'choice', {}), choiceWords(choice)]);
  if (choices.length > listed) rows.push(['', say('run', 'and-more', { count: choices.length - listed })]);
  const column = Math.max(...rows.map(([label]) => widthOf(label)));
  for (const [label, text] of rows) {
    const [head = '', ...rest] = wrapText(text, width - 5 - column);
    lines.push(`   ${padEnd(label, column)}  ${head}`, ...rest.map((line) => ' '.repeat(5 + column) + line));
  }
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** What a finding is called. */
export function kindWord(kind: FindingKind): string {
  return kind === 'invariant' ? say('explore', 'invariant', {}) : say('harms', kind, {});
}

type SizeName = 'brokers' | 'clients' | 'records' | 'faults' | 'choices';

function settingsOf(config: Plan['brokerConfig']): string[] {
  return Object.entries(config).map(([setting, value]) => `${setting}=${value}`);
}

/** `process-crash of leader orders-0 · acked p1 1 · healAfterUs 20000000`: a fault in the words of its plan. */
function faultWords({ name, target, when, ...rest }: Plan['faults'][number]): string {
  const of = (value: object): string =>
    Object.values(value)
      .map((part) => (typeof part === 'object' && part !== null ? of(part) : String(part)))
      .join(' ');
  const more = Object.entries(rest).map(
    ([parameter, value]) => `${parameter} ${typeof value === 'number' ? thousands(value) : value}`,
  );
  return [`${name}: ${of(target)}`, of(when), ...more].join(' · ');
}

function choiceWords({ site, occurrence, value }: ChoiceEntry): string {
  return `${site} [${occurrence}] = ${thousands(value)}`;
}
