/**
 * What may not be written, where, and what to write instead. Each ban carries a line that breaks it, so that a test can show that
 * it bites. Code bans see code alone, without comments and texts; text bans see everything.
 */

export interface Ban {
  readonly name: string;
  readonly pattern: RegExp;
  /** Said when the ban bites. */
  readonly instead: string;
  /** `engine`: floors 0-6 and scenarios. `synchronous`: the same without explore. `source`: src and scenarios. `everything`: all. */
  readonly where: 'engine' | 'synchronous' | 'source' | 'everything';
  readonly sees: 'code' | 'text';
  /** Files that the ban passes over, by the beginning of their path. */
  readonly except?: string;
  /** A line that must be refused. */
  readonly breaks: string;
  /** A line that must pass, where the ban could be too eager. */
  readonly passes?: string;
}

export const bans: readonly Ban[] = [
  {
    name: 'wall clock',
    pattern: /\bDate\b/,
    instead: 'Step.wallMs: time is handed in',
    where: 'engine',
    sees: 'code',
    breaks: 'const now = Date.now();',
    passes: 'const updated = 1; // Date of the record',
  },
  {
    name: 'high-resolution clock',
    pattern: /\bperformance\b|\bhrtime\b/,
    instead: 'Step.monotonicUs: time is handed in',
    where: 'engine',
    sees: 'code',
    breaks: 'const t = performance.now();',
  },
  {
    name: 'unaddressed chance',
    pattern: /\bMath\.random\b|\bcrypto\b/,
    instead: 'Choices.below(site, occurrence, n)',
    where: 'engine',
    sees: 'code',
    breaks: 'const dice = Math.random();',
  },
  {
    name: 'functions that engines round differently',
    pattern: /\bMath\.(log\w*|exp\w*|pow|sinh?|cosh?|tanh?|a(sin|cos|tan)\w*|cbrt|hypot)\b/,
    instead: 'integers, or a table',
    where: 'engine',
    sees: 'code',
    breaks: 'const delay = -Math.log(u) * mean;',
    passes: 'const most = Math.max(a, Math.imul(b, c));',
  },
  {
    name: 'power operator',
    pattern: /\*\*/,
    instead: 'a multiplication, a shift, or the number itself',
    where: 'engine',
    sees: 'code',
    breaks: 'const limit = 2 ** bits;',
    passes: '/** two stars in a comment */',
  },
  {
    name: 'locale',
    pattern: /\blocaleCompare\b|\btoLocale\w*|\bIntl\b/,
    instead: 'compare with < and >; sentences are written in src/report',
    where: 'engine',
    sees: 'code',
    breaks: 'names.sort((a, b) => a.localeCompare(b));',
  },
  {
    name: 'sort without a comparator',
    pattern: /\.(sort|toSorted)\(\s*\)/,
    instead: 'say the order: .sort((a, b) => …)',
    where: 'source',
    sees: 'code',
    breaks: 'const sorted = names.sort();',
    passes: 'const sorted = names.sort((a, b) => a - b);',
  },
  {
    name: 'timers and microtasks',
    pattern: /\b(setTimeout|setInterval|setImmediate|queueMicrotask|nextTick)\b/,
    instead: 'Out.setTimer, or an event of the kernel',
    where: 'engine',
    sees: 'code',
    breaks: 'setTimeout(() => retry(), 100);',
  },
  {
    name: 'environment',
    pattern: /\bprocess\.|\bglobalThis\b|\bconsole\./,
    instead: 'what src/cli reads and hands in; Out.note to say something',
    where: 'engine',
    sees: 'code',
    breaks: 'if (process.env.DEBUG) trace();',
  },
  {
    name: 'promises below the explorers',
    pattern: /\basync\b|\bawait\b|\bPromise\b/,
    instead: 'an effect handed out, or a value returned',
    where: 'synchronous',
    sees: 'code',
    breaks: 'async function fetch(): Promise<void> {}',
    passes: "const word = 'async';",
  },
  {
    name: 'errors hidden from the compiler',
    pattern: /@ts-ignore|@ts-nocheck|\bas any\b|: any\b/,
    instead: 'a type; @ts-expect-error with a reason where a test needs the error',
    where: 'everything',
    sees: 'text',
    breaks: '// @ts-ignore',
  },
  {
    name: 'kill as the word for a fault',
    pattern: /\bkill(s|ed|ing)?\b/i,
    instead: 'crash (the page cache survives) or power loss (it does not)',
    where: 'source',
    sees: 'text',
    breaks: '/** Kills the leader. */',
    passes: '/** A skill. */',
  },
  {
    name: 'notes to self',
    pattern: /\b(TODO|FIXME|XXX|HACK)\b/,
    instead: 'do it, or say in MODEL.md that it is left out',
    where: 'everything',
    sees: 'text',
    breaks: '// TODO: fence',
  },
  {
    name: 'long line',
    pattern: /^.{141,}$/m,
    instead: 'a line break before column 140',
    // A sentence stands on one line, so that a translator sees it whole.
    except: 'src/report/messages/',
    where: 'source',
    sees: 'text',
    breaks: `// ${'word '.repeat(30)}`,
  },
  // The project speaks of itself alone: of Kafka, of its own parts, and of public sources by their public names.
  {
    name: 'paths of one machine',
    pattern: /(^|[\s'"`(=])(\/(home|root|work|Users|mnt|opt)\/\w|[A-Z]:\\Users\\)/m,
    instead: 'a path from the root of the repository',
    where: 'everything',
    sees: 'text',
    breaks: "const at = '/home/someone/spillway';",
    passes: "const at = 'docs/work/home';",
  },
  {
    name: 'tickets of a private tracker',
    // MR and a bare number is a cell of the matrix: missed, and its effect twice.
    pattern: /\b(issue|ticket|pull request|PR)s? #?\d+|\bMRs? [#!]\d+|(^|\s)#\d+\b/im,
    instead: 'the reason itself; public sources are cited as KIP-951 or KAFKA-20554',
    where: 'everything',
    sees: 'text',
    breaks: '// see issue 12',
    passes: '// record p1#29, KIP-951, KAFKA-20554, MR 100',
  },
  {
    name: 'hosts of a private network',
    pattern: /https?:\/\/(localhost|127\.|10\.|192\.168\.|[a-z0-9-]+[:/]|registry\.|[^/\s]*\.(local|internal|corp)\b)/i,
    instead: 'nothing: no file needs an address',
    where: 'everything',
    sees: 'text',
    breaks: '"resolved": "https://registry.example.org/chalk.tgz"',
    passes: 'https://kafka.apache.org/documentation/',
  },
  {
    name: 'who wrote it, and how',
    pattern:
      /\b(claude|chatgpt|copilot|gpt-\d|llm|language model|ai[- ](assistant|generated|agent)|co-authored-by|this workplace)\b/i,
    instead: 'what it does and why',
    where: 'everything',
    sees: 'text',
    breaks: '// generated by an AI assistant',
  },
];

/** Names that say nothing about what a file holds. */
export const emptyNames: readonly string[] = [
  'util',
  'utils',
  'helper',
  'helpers',
  'common',
  'manager',
  'misc',
  'shared',
  'stuff',
];

/** Most lines of a source file, and of a test, where tables may be long. A file that must be longer stands here with the reason. */
export const mostLines = { source: 400, test: 600 };
export const longFiles: Readonly<Record<string, string>> = {
  'src/report/messages/claims.ts': 'a table of 47 statements in two languages',
  'src/world/network.ts': 'the life of a connection is one state machine; its two ends are easier to compare side by side',
};
