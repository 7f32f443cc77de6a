/** English for the life story of a record: what the application saw of it. What machines said of it is in `notes.ts`. */
export const story = {
  sent: 'send() of {record}',
  'sent-again': 'send() of {record} again, after a restart',
  partitioned: 'goes to {partition}',
  acknowledged: 'is told: written, offset {offset}',
  'acknowledged-unseen': 'is told: sent (acks=0 waits for no answer)',
  failed: 'is told: {errorCode:error}, not written',
  unknown: 'is told: {errorCode:error}; it may be written, or not',
  'failed-untold': 'fails with {errorCode:error}; the application does not look',
  'died-in-producer': 'had not finished the record; nobody will ever be told of it',
  pending: 'has no outcome when the run ends',
  'offset-taken': 'gives offset {offset} to another record',
  read: 'reads it at offset {offset}',
  'in-log': 'leads at the end of the run and has it at offset {offset}',
  'in-log-twice': 'leads at the end of the run and has it at the offsets {offsets}',
  'not-in-log': 'leads at the end of the run and does not have it',
  'no-audit': 'nobody leads its partition at the end of the run, so nobody can be asked',
} as const;
