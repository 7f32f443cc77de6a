/** Names of the reporters of each verb, for help and completion, which load no verb; a test holds them to what there is. */
export const runReporters = ['text', 'terse', 'whole', 'json', 'ndjson'] as const;
export const matrixReporters = ['text', 'markdown', 'json'] as const;
export const exploreReporters = ['text', 'json', 'ndjson'] as const;
/** Reporters that every verb has. */
export const sharedReporters = ['junit', 'github'] as const;
