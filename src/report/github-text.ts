/**
 * What GitHub Actions reads from the output of a step: workflow commands that put a problem beside the line of a file, and the Markdown of
 * a job's summary. Source: "Workflow commands for GitHub Actions", and the escapes of actions/toolkit `packages/core/src/command.ts`.
 */
import { type Check, wrong } from './checks.ts';
import { say } from './messages/catalogue.ts';
import type { RunOutcome } from './run-result.ts';

/** GitHub shows so many errors and so many warnings of a step, and drops what is above. */
const mostShown = 10;

/** One command for each check that is not as expected: an error for a broken one, a warning for one that shows nothing. */
export function annotations(checks: readonly Check[]): string {
  const found = wrong(checks);
  const of = (outcome: RunOutcome): Check[] => found.filter((check) => check.outcome === outcome).slice(0, mostShown);
  return [...of('expectation-broken'), ...of('inconclusive')]
    .map(({ group, name, outcome, message, details, again, file, line }) => {
      const title = `${group} ${name}`;
      const place = file === null ? {} : { file, ...(line === null ? {} : { line }) };
      const properties = Object.entries({ ...place, title }).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
      const text = details === '' ? `${message}\n${again}` : details;
      return `::${outcome === 'expectation-broken' ? 'error' : 'warning'} ${properties.join(',')}::${escapeData(text)}\n`;
    })
    .join('');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Rows of the summary's table; GitHub refuses summaries above 1 MiB. */
const mostRows = 100;
const mostText = 200_000;

/** The summary: how many came to what, those that are not as expected, and the text that the command printed. */
export function jobSummary(title: string, checks: readonly Check[], printed: string): string {
  const found = wrong(checks);
  const broken = checks.filter(({ outcome }) => outcome === 'expectation-broken').length;
  const count = { checks: checks.length, broken, inconclusive: found.length - broken, good: checks.length - found.length };
  const rows = found.slice(0, mostRows).map(({ group, name, message, again }) => {
    return `| ${cell(`${group} ${name}`)} | ${cell(message)} | ${code(again)} |`;
  });
  const head = [say('ci', 'column-check', {}), say('ci', 'column-what', {}), say('ci', 'column-again', {})];
  const table = rows.length === 0 ? [] : [`| ${head.join(' | ')} |`, '| --- | --- | --- |', ...rows, ''];
  const more = found.length > mostRows ? [say('ci', 'more-rows', { count: found.length - mostRows }), ''] : [];
  const text = printed.length > mostText ? `${printed.slice(0, mostText)}\n…` : printed.trimEnd();
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return [
    `### ${title}`,
    '',
    say('ci', 'summary', count),
    '',
    ...table,
    ...more,
    `<details><summary>${say('ci', 'printed', {})}</summary>`,
    '',
    `${fence}text`,
    text,
    fence,
    '',
    '</details>',
    '',
    '',
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('<', '&lt;').replace(/\s+/g, ' ');
}

function code(text: string): string {
  const fence = '`'.repeat(Math.max(1, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${fence}${text.replaceAll('|', '\\|').replace(/\s+/g, ' ')}${fence}`;
}
