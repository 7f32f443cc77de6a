/**
 * JUnit's XML, in the dialect that Jenkins, GitLab and GitHub's actions read: a suite a group, a failure for what was broken, an error for
 * what shows nothing. Leaves times out, because a simulated run takes no time that says anything.
 */
import junit, { type Builder } from 'junit-report-builder';
import type { Check } from '../../report/checks.ts';

// Its types speak of a module, and it is none: the default is what it exports.
const builder = junit as unknown as Builder;

/** The XML of some checks. */
export function junitXml(checks: readonly Check[]): string {
  const report = builder.newBuilder().name('spillway');
  for (const group of new Set(checks.map((check) => check.group))) {
    const suite = report.testSuite().name(group);
    for (const { name, outcome, message, details, file } of checks.filter((check) => check.group === group)) {
      const one = suite.testCase().className(group).name(name);
      if (file !== null) one.file(file);
      if (outcome === 'expectation-broken') one.failure(message, outcome).stacktrace(details);
      if (outcome === 'inconclusive') one.error(message, outcome, details);
    }
  }
  return `${report.build()}\n`;
}
