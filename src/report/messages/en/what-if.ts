/** English for what single changes would have made of a run. */
export const whatIf = {
  heading: 'one change at a time, with the same dice:',
  moved: '{harm} {before:thousands} → {after:thousands}',
  none: 'none of those that were tried helps',
  more: 'worse',
  unchanged: 'no difference',
  unread: 'never read',
  refused: 'refused',
  inconclusive: 'shows nothing',
  'a-fault-never-bit': 'the fault touches nothing then',
  'budget-ended': 'its budget of events ends first',
  'cannot-tell': 'a partition has no leader to ask at the end',
  parting: 'where the runs part',
} as const;
