/**
 * What a judge says of a history of operations, as text: how many anomalies of each kind and whether Kafka allows them, then each one in a
 * sentence, cycles step by step, last whether the history is valid.
 */
import type { Operation, Value } from '../history/operations.ts';
import type { Edge, Finding } from '../oracle/operations/finding.ts';
import { type AnomalyKind, isAllowed, kindNames } from '../oracle/operations/kinds.ts';
import type { OperationVerdict } from '../oracle/operations/operation-judge.ts';
import { say, sayCode } from './messages/catalogue.ts';
import type { Values } from './messages/template.ts';
import { thousands } from './numbers.ts';
import { type Paint, plain } from './paint.ts';
import { padEnd } from './width.ts';
import { wrap, wrapText } from './wrap.ts';

const width = 80;
const kindWidth = 23;
const countWidth = 9;
/** How many of a kind are told, unless all are asked for. */
const told = 8;
/** How many values a sentence lists. */
const listed = 8;

/** Everything about one history. */
export function judgingText(name: string, verdict: OperationVerdict, all = false, paint: Paint = plain): string {
  const { findings, expectations, counts, valid } = verdict;
  const size = [say('judging', 'size', counts), ...say('judging', 'seen', counts).split(' · ')];
  const lines = [` ${paint.strong(name)}`, ...wrap(size, ' · ', width - 3).map((line) => paint.faint(`   ${line}`)), ''];
  const byKind = new Map<AnomalyKind, Finding[]>();
  for (const finding of findings) {
    const same = byKind.get(finding.kind);
    if (same === undefined) byKind.set(finding.kind, [finding]);
    else same.push(finding);
  }
  for (const [kind, found] of byKind) {
    const allowed = isAllowed(kind, expectations);
    const mark = allowed ? paint.faint('·') : paint.harm('✗');
    const meaning = sayCode('anomalies', kind, {});
    const what = allowed ? say('judging', 'allowed', { meaning }) : meaning;
    const [first = '', ...rest] = wrapText(what, width - 3 - kindWidth - countWidth - 2);
    const name = padEnd(kind, kindWidth);
    lines.push(` ${mark} ${allowed ? name : paint.harm(name)}${thousands(found.length).padStart(countWidth)}  ${first}`);
    for (const line of rest) lines.push(' '.repeat(3 + kindWidth + countWidth + 2) + line);
  }
  if (byKind.size > 0) lines.push('');
  for (const [kind, found] of byKind) {
    lines.push(` ${paint.strong(kind)}`);
    (all ? found : found.slice(0, told)).forEach((finding, i) => {
      if (i > 0 && 'edges' in finding) lines.push('');
      lines.push(...storyOf(finding));
    });
    const more = found.length - told;
    if (more > 0 && !all) lines.push(paint.faint(`   ${say('judging', 'more', { count: more })}`));
    lines.push('');
  }
  const how = say('judging', expectations.subscribed ? 'subscribed' : 'assigned', {});
  if (byKind.has('poll-skip') || byKind.has('nonmonotonic-poll'))
    lines.push(...wrapText(how, width - 1).map((line) => ` ${line}`));
  const bad = kindNames.filter((kind) => byKind.has(kind) && !isAllowed(kind, expectations));
  const ending = valid ? say('judging', findings.length === 0 ? 'valid-clean' : 'valid', {}) : endingOf(bad);
  const [first = '', ...rest] = wrapText(ending, width - 3);
  lines.push(valid ? ` ${paint.good('✓')} ${paint.good(first)}` : ` ${paint.harm('✗')} ${paint.harm(first)}`);
  for (const line of rest) lines.push(`   ${valid ? paint.good(line) : paint.harm(line)}`);
  return `${lines.join('\n')}\n`;
}

function endingOf(kinds: readonly AnomalyKind[]): string {
  return say('judging', 'invalid', { kinds: kinds.join(say('punctuation', 'list', {})) });
}

/** One finding, indented. */
function storyOf(finding: Finding): string[] {
  if ('edges' in finding) return cycleOf(finding.operations, finding.edges);
  const [code, values] = sentenceOf(finding);
  return paragraph(sayCode('findings', code, values), 3);
}

/** A sentence over several lines, the later ones further in. */
function paragraph(text: string, indent: number): string[] {
  const [first = '', ...rest] = wrapText(text, width - indent - 2);
  return [' '.repeat(indent) + first, ...rest.map((line) => ' '.repeat(indent + 2) + line)];
}

/** The code of the sentence, and what fills it. */
function sentenceOf(finding: Exclude<Finding, { readonly edges: unknown }>): [code: string, values: Values] {
  const { kind, key } = finding;
  switch (finding.kind) {
    case 'lost-write': {
      const { value, index, readUpTo, writer, reader } = finding;
      return [kind, { key, value, index, readUpTo, writer: writer.index, reader: reader.index }];
    }
    case 'unseen':
      return [kind, { key, count: finding.values.length, list: listOf(finding.values, finding.values.length) }];
    case 'duplicate':
      return [kind, { key, value: finding.value, offsets: listOf(finding.offsets, finding.offsets.length) }];
    case 'inconsistent-offsets':
      return [kind, { key, offset: finding.offset, list: listOf(finding.values, finding.values.length) }];
    case 'G1a':
      return [kind, { key, value: finding.value, reader: finding.reader.index, writer: finding.writer.index }];
    case 'precommitted-read':
      return [kind, { key, value: finding.value, operation: finding.operation.index }];
    case 'no-writer':
      return [kind, { key, value: finding.value, reader: finding.reader.index }];
    default: {
      const [first, second] = finding.values;
      const within = 'operation' in finding;
      const operation = (within ? finding.operation : finding.operations[1]).index;
      const before = within ? {} : { before: finding.operations[0].index };
      const steps = { key, first, second, operation, ...before };
      if (finding.delta > 1) return [kind, { ...steps, skipped: listOf(finding.skipped, finding.delta - 1) }];
      const repeats = finding.delta === 0 && kind.endsWith('nonmonotonic-poll');
      return [repeats ? kind.replace('nonmonotonic', 'repeated') : kind, { ...steps, back: -finding.delta }];
    }
  }
}

/** A contradiction step by step, after Elle: what the operations are, then why each came before the next. */
function cycleOf(operations: readonly Operation[], edges: readonly Edge[]): string[] {
  const nameOf = (i: number): string => `T${(i % operations.length) + 1}`;
  const lines = operations.flatMap((operation, i) => {
    const what = contentsOf(operation);
    const values = { name: nameOf(i), index: operation.index, process: operation.process };
    return paragraph(say('findings', 'operation', what === '' ? values : { ...values, what }), 3);
  });
  edges.forEach((edge, i) => {
    const { type, ...values } = edge;
    lines.push(...paragraph(sayCode('findings', type, { ...values, a: nameOf(i), b: nameOf(i + 1) }), 5));
  });
  return [...lines, ...paragraph(say('findings', 'contradiction', { a: nameOf(0) }), 5)];
}

/** `send x 1@0, poll y 3@7 4@8`: what an operation did, in the words of the history. */
function contentsOf({ actions }: Operation): string {
  const at = (value: Value, offset: number | null): string => (offset === null ? String(value) : `${value}@${offset}`);
  const parts = actions.flatMap((action) => {
    if (action.kind === 'send') return [`send ${action.key} ${at(action.value, action.offset)}`];
    return action.keys.map(({ key, records }) => {
      const read = records.slice(0, listed).map(({ value, offset }) => at(value, offset));
      return `poll ${key} ${read.join(' ')}${records.length > listed ? ' …' : ''}`;
    });
  });
  return parts.slice(0, listed).join(', ') + (parts.length > listed ? ', …' : '');
}

/** The first of `count` values. */
function listOf(values: readonly Value[], count: number): string {
  const shown = values.slice(0, listed).join(say('punctuation', 'list', {}));
  return count > listed ? `${shown} ${say('run', 'and-more', { count: count - listed })}` : shown;
}
