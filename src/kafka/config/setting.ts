/**
 * What a Kafka setting is to Spillway: its dotted name (the key under which a registry holds it), type, default by version,
 * allowed values, and whether this simulator models it. The typed config objects that machines read are derived from the
 * registries, so a setting is written down in one place.
 *
 * Left out: the meaning of a setting. That lives in the machine that reads it; `doc` is one sentence for people.
 */

/** The presets of defaults, the same union as in a Plan. They select client and topic defaults. */
export type KafkaVersion = '2.8' | '3.9' | '4.1';

/**
 * How a raw value is read (Kafka: `ConfigDef.parseType`). `acks` is Kafka's string with its four spellings, read as a number;
 * `text` is kept as it was written, for settings that cannot change a verdict here; `password` is text that is never printed.
 */
export type SettingType =
  | 'boolean'
  | 'short'
  | 'int'
  | 'long'
  | 'double'
  | 'string'
  | 'list'
  | 'class'
  | 'password'
  | 'acks'
  | 'text';

/** Presets from old to new. */
export const versionOrder: readonly KafkaVersion[] = ['2.8', '3.9', '4.1'];

/** A value that differs by version. */
export interface ByVersion<T> {
  readonly '2.8': T;
  readonly '3.9': T;
  readonly '4.1': T;
}

/** The value of a setting once it was read. `null` is Kafka's null: not set, and no default. */
export type SettingValue = string | number | boolean | null;

export interface Setting {
  readonly type: SettingType;
  /** Kafka's default. `Long.MAX_VALUE` is {@link NEVER}; null where Kafka has none, or where Spillway carries none (`text`). */
  readonly default: SettingValue | ByVersion<SettingValue>;
  /** The only values Kafka takes, spelt as Kafka spells them. */
  readonly allowed?: readonly string[];
  /** Kafka takes the allowed values in any case (`CaseInsensitiveValidString`). */
  readonly anyCase?: true;
  /** Values that begin like this Kafka takes too, from that preset on; the simulator does not model them yet. */
  readonly notYet?: { readonly prefix: string; readonly since: KafkaVersion };
  /** Smallest value Kafka takes. */
  readonly atLeast?: number | ByVersion<number>;
  /** Largest value Kafka takes. */
  readonly atMost?: number;
  /** When it is not set: the setting of the same registry whose value it takes (Kafka resolves null that way). */
  readonly fallback?: string;
  /** Topic settings: the broker setting that gives the default. */
  readonly synonym?: string;
  /** First preset that knows the setting, where that is not all of them. An older client ignores it with a log line. */
  readonly since?: KafkaVersion;
  /** Last preset that knows the setting. */
  readonly until?: KafkaVersion;
  /** One sentence, with the unit. */
  readonly doc: string;
  /**
   * `yes`: the simulator reads it. `later`: it can change a verdict and is not modelled yet, so its user is told. `no effect`: it
   * cannot change any verdict here (encryption, metrics, buffers of the operating system), so nobody is bothered.
   */
  readonly modelled: 'yes' | 'later' | 'no effect';
  /** Kafka's source file, or the KIP. */
  readonly source: string;
}

/** A registry: settings by dotted name. */
export type Registry = Readonly<Record<string, Setting>>;

/** `linger.ms` -> `lingerMs`. */
export type CamelCase<Name extends string> = Name extends `${infer Head}.${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

type ValueOf<S extends Setting> = S['type'] extends 'acks'
  ? -1 | 0 | 1
  : S['type'] extends 'boolean'
    ? boolean
    : S['type'] extends 'short' | 'int' | 'long' | 'double'
      ? number
      : S extends { readonly allowed: readonly (infer A)[] }
        ? A
        : string;

/** The config object of a registry: camelCase twins of its modelled settings. */
export type ConfigOf<R extends Registry> = {
  readonly [Name in keyof R & string as R[Name]['modelled'] extends 'yes' ? CamelCase<Name> : never]: ValueOf<R[Name]>;
};

/** The camelCase twin of a dotted name. */
export function camelCase<Name extends string>(name: Name): CamelCase<Name> {
  return name.replace(/\.(.)/g, (_, letter: string) => letter.toUpperCase()) as CamelCase<Name>;
}

/**
 * Settings that share everything but their names (separated by blanks): those that have no effect here, or that are modelled
 * later and carry no default of their own yet. A name that ends in `*` stands for every setting with that prefix.
 */
export function family(
  names: string,
  shared: {
    readonly modelled: 'later' | 'no effect';
    readonly doc: string;
    readonly source: string;
    readonly type?: SettingType;
    readonly until?: KafkaVersion;
  },
): Registry {
  const entry: Setting = { type: 'text', default: null, ...shared };
  return Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, entry]),
  );
}

/** The value for a version of something that may differ by version. */
export function forVersion<T extends SettingValue>(value: T | ByVersion<T>, version: KafkaVersion): T {
  return typeof value === 'object' && value !== null ? value[version] : value;
}

/** The entry for a dotted name, a prefix entry (`listener.name.*`) included; undefined when Kafka has no such setting. */
export function settingNamed(registry: Registry, name: string): Setting | undefined {
  if (Object.hasOwn(registry, name)) return registry[name];
  for (const [key, setting] of Object.entries(registry)) {
    if (key.endsWith('*') && name.startsWith(key.slice(0, -1)) && name.length >= key.length) return setting;
  }
  return undefined;
}

/** The names a user may have meant: everything the registry knows, without prefixes. For "did you mean". */
export function settingNames(registry: Registry): readonly string[] {
  return Object.keys(registry).filter((name) => !name.endsWith('*'));
}
