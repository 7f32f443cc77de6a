/**
 * JUnit's XML, with the elements and attributes that Jenkins' junit-10.xsd knows and no others: a suite a group, a failure for what was
 * broken, an error for what shows nothing. Leaves times out, because a simulated run takes no time that says anything.
 */
import type { Check } from './checks.ts';

/** The XML of some checks. */
export function junitXml(checks: readonly Check[]): string {
  const groups = new Map<string, Check[]>();
  for (const check of checks) {
    const own = groups.get(check.group);
    if (own === undefined) groups.set(check.group, [check]);
    else own.push(check);
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<testsuites${attributes({ name: 'spillway', ...countsOf(checks) })}>\n`,
    ...[...groups].map(([group, own]) => suite(group, own)),
    '</testsuites>\n',
  ].join('');
}

function suite(group: string, checks: readonly Check[]): string {
  const file = checks[0]?.file ?? null;
  const place = file === null ? {} : { file };
  const cases = checks.map(testCase).join('');
  return `  <testsuite${attributes({ name: group, ...countsOf(checks), skipped: 0, ...place })}>\n${cases}  </testsuite>\n`;
}

function testCase({ group, name, outcome, message, details }: Check): string {
  const open = `    <testcase${attributes({ classname: group, name })}`;
  if (outcome === 'as-expected') return `${open}/>\n`;
  const element = outcome === 'expectation-broken' ? 'failure' : 'error';
  const found = `<${element}${attributes({ message, type: outcome })}>${escaped(details)}</${element}>`;
  return `${open}>\n      ${found}\n    </testcase>\n`;
}

function countsOf(checks: readonly Check[]): Readonly<Record<string, number>> {
  const count = (outcome: Check['outcome']): number => checks.filter((check) => check.outcome === outcome).length;
  return { tests: checks.length, failures: count('expectation-broken'), errors: count('inconclusive') };
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  const quoted = (value: string | number): string =>
    escaped(String(value)).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${quoted(value)}"`)
    .join('');
}

/** Text for XML 1.0, without the characters that it cannot hold. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}
