/**
 * What commander finds wrong with the words of a command line, said by the catalogue. A problem that the catalogue does not know stays in
 * commander's words.
 */
import type { CommanderError } from 'commander';
import { say, sayCode } from '../report/messages/catalogue.ts';
import { en } from '../report/messages/en.ts';
import type { Paint } from '../report/paint.ts';

/** One line for the problem, and one for what may have been meant. */
export function usageText({ code, message }: CommanderError, paint: Paint): string {
  const [first = '', advice = ''] = message.replace(/^error: /, '').split('\n');
  const known = code.replace(/^commander\./, '');
  const sentence = Object.hasOwn(en.usage, known) ? sayCode('usage', known, valuesOf(first)) : first;
  const meant = /^\(Did you mean (one of )?(.*)\?\)$/.exec(advice);
  const names = meant?.[2];
  const lines = [`${paint.harm(say('commandLine', 'error', {}))}: ${sentence}`];
  if (names !== undefined) lines.push(say('usage', meant?.[1] === undefined ? 'meant' : 'meant-one-of', { names }));
  else if (advice !== '') lines.push(advice);
  return `${lines.join('\n')}\n`;
}

/** What commander's sentence names. */
function valuesOf(sentence: string): Record<string, string | number> {
  const counted = /^too many arguments(?: for '(.*)')?\. Expected (\d+) arguments? but got (\d+)\.$/.exec(sentence);
  if (counted !== null) {
    const [, command, expected, got] = counted;
    return { expected: Number(expected), got: Number(got), ...(command === undefined ? {} : { command }) };
  }
  const found = /'(.*)'/.exec(sentence)?.[1];
  return found === undefined ? {} : { found };
}
