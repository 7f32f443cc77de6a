/**
 * What single changes would have made of a run, as text: first those that end the harm, then those that lessen it, each with every count
 * that it moved, then in a line each those that help nobody. Only decides what is shown; `explore/what-if.ts` ran them.
 */
import type { Turnout, WhatIf } from '../explore/what-if.ts';
import { say, sayCode } from './messages/catalogue.ts';
import type { Paint } from './paint.ts';
import { padEnd, widthOf } from './width.ts';
import { wrap, wrapText } from './wrap.ts';

const width = 80;
const indent = 3;
/** Changes that a line of those without effect names. */
const listed = 8;

/** Lines for a report, without their end. */
export function whatIfLines(all: readonly WhatIf[], paint: Paint): string[] {
  if (all.length === 0) return [];
  const of = (turnout: Turnout): readonly WhatIf[] => all.filter((one) => one.turnout === turnout);
  const helping = [...of('gone'), ...of('fewer')];
  const unchanged = of('unchanged');
  const rows: (readonly [label: string, lines: (room: number) => readonly string[]])[] = [
    ...helping.map((one) => [nameOf(one), (room: number) => movedLines(one, room, paint)] as const),
    ...listRow('more', of('more')),
    ...listRow(
      'unchanged',
      unchanged.filter(({ unread }) => !unread),
    ),
    ...listRow(
      'unread',
      unchanged.filter(({ unread }) => unread),
    ),
    ...reasonRows('refused', 'problems', of('refused')),
    ...reasonRows('inconclusive', 'whatIf', of('inconclusive')),
  ];
  const column = Math.max(...rows.map(([label]) => widthOf(label)));
  const lines = [` ${say('whatIf', 'heading', {})}`];
  if (helping.length === 0) lines.push(`${' '.repeat(indent)}${say('whatIf', 'none', {})}`);
  for (const [i, [label, text]] of rows.entries()) {
    const [first = '', ...rest] = text(width - indent - column - 2);
    const head = i < helping.length ? label : paint.faint(label);
    lines.push(`${' '.repeat(indent)}${head}${padEnd('', column - widthOf(label) + 2)}${first}`);
    lines.push(...rest.map((line) => ' '.repeat(indent + column + 2) + line));
  }
  return lines;
}

type Row = readonly [label: string, lines: (room: number) => readonly string[]];

/** `acks=all`. */
function nameOf({ setting, value }: WhatIf): string {
  return `${setting}=${value}`;
}

function movedLines({ moved }: WhatIf, room: number, paint: Paint): readonly string[] {
  const parts = moved.map(({ harm, before, after }) => ({
    text: say('whatIf', 'moved', { harm: say('harms', harm, {}), before, after }),
    paint: after < before ? paint.good : harm === 'unavailable' ? paint.price : paint.harm,
  }));
  const separator = say('punctuation', 'list', {});
  const lines = wrap(
    parts.map(({ text }) => text),
    separator,
    room,
  );
  // Each part stands whole on one line, so that it can be painted where it stands.
  return lines.map((line) => parts.reduce((painted, part) => painted.replace(part.text, () => part.paint(part.text)), line));
}

/** All that came to nothing, or worse, in one row. */
function listRow(label: 'more' | 'unchanged' | 'unread', all: readonly WhatIf[]): Row[] {
  if (all.length === 0) return [];
  const names = all.slice(0, listed).map(nameOf);
  if (all.length > listed) names.push(say('run', 'and-more', { count: all.length - listed }));
  return [[say('whatIf', label, {}), (room) => wrapText(names.join(say('punctuation', 'list', {})), room)]];
}

/** A row for each, with why. */
function reasonRows(label: 'refused' | 'inconclusive', section: 'problems' | 'whatIf', all: readonly WhatIf[]): Row[] {
  return all.map((one, i) => {
    const why = one.why === null ? '' : sayCode(section, one.why.code, one.why.params);
    const told = why.startsWith(nameOf(one)) ? why : `${nameOf(one)}: ${why}`;
    return [i === 0 ? say('whatIf', label, {}) : '', (room) => wrapText(told, room)];
  });
}
