/**
 * Raw settings against a registry: every value read, every unknown or refused one a {@link Problem}, defaults filled in. The
 * rules that combine settings work on a {@link Reading} and are in `resolve.ts`.
 */
import {
  type ConfigOf,
  camelCase,
  forVersion,
  type KafkaVersion,
  type Registry,
  type Setting,
  type SettingValue,
  settingNamed,
  versionOrder,
} from './setting.ts';
import { type Problem, type ProblemCode, printValue, readValue } from './value.ts';

/** Settings as a user wrote them: dotted names to raw values. */
export type RawSettings = Readonly<Record<string, string | number | boolean>>;

/** One setting as reports show it. */
export interface ResolvedSetting {
  /** Kafka's spelling of the value in force. Secrets read `[hidden]`. */
  readonly value: string;
  readonly source: 'default' | 'yours';
  /** Set when the value in force is neither the default nor yours: what changed it. */
  readonly because?: ProblemCode;
}

/** What a resolution gives. `config` is complete even when there are errors; then it must not be run. */
export interface Resolved<Config> {
  readonly config: Config;
  /** Every modelled setting in the registry's order, then whatever else the user set. */
  readonly settings: Readonly<Record<string, ResolvedSetting>>;
  /** In the order of the user's settings, then of the rules that combine them. */
  readonly problems: readonly Problem[];
}

/** Settings being resolved. */
export class Reading<R extends Registry> {
  readonly problems: Problem[] = [];
  private readonly values = new Map<string, SettingValue>();
  private readonly written = new Map<string, SettingValue>();
  private readonly changed = new Map<string, ProblemCode>();

  /** `defaults` replaces the registry's defaults by name (a broker's settings for its topics). */
  constructor(
    /** What config and printed defaults are made from. */
    private readonly described: R,
    /** Every name Kafka knows. */
    private readonly registry: Registry,
    private readonly version: KafkaVersion,
    raw: RawSettings,
    defaults: Readonly<Record<string, SettingValue>> = {},
  ) {
    for (const [name, setting] of Object.entries<Setting>(described)) {
      const fallback = forVersion(setting.default, version);
      this.values.set(name, Object.hasOwn(defaults, name) ? defaults[name]! : fallback);
    }
    for (const [name, value] of Object.entries(raw)) this.read(name, value);
  }

  private read(name: string, raw: string | number | boolean): void {
    const setting = settingNamed(this.registry, name);
    if (setting === undefined) {
      this.problem('error', 'unknown-setting', name, { found: String(raw) });
      return;
    }
    const at = versionOrder.indexOf(this.version);
    if (setting.since !== undefined && at < versionOrder.indexOf(setting.since)) {
      this.problem('warning', 'unknown-in-this-version', name, { kafka: this.version, since: setting.since });
      return;
    }
    if (setting.until !== undefined && at > versionOrder.indexOf(setting.until)) {
      this.problem('warning', 'unknown-in-this-version', name, { kafka: this.version, until: setting.until });
      return;
    }
    const read = readValue(name, setting, raw, this.version);
    if ('problem' in read) {
      this.problems.push(read.problem);
      return;
    }
    this.values.set(name, read.value);
    this.written.set(name, read.value);
    if (setting.modelled === 'later')
      this.problem('warning', 'not-modelled-yet', name, { found: printValue(setting, read.value) });
  }

  /** The user set it, and Kafka would have read it. */
  isYours(name: keyof R & string): boolean {
    return this.written.has(name);
  }

  number(name: keyof R & string): number {
    return this.values.get(name) as number;
  }

  text(name: keyof R & string): string | null {
    return this.values.get(name) as string | null;
  }

  flag(name: keyof R & string): boolean {
    return this.values.get(name) as boolean;
  }

  /** Kafka puts another value in place of this one, because of a rule. */
  override(name: keyof R & string, value: SettingValue, because: ProblemCode): void {
    this.values.set(name, value);
    this.changed.set(name, because);
  }

  /** A setting that is not set follows from others. */
  derive(name: keyof R & string, value: SettingValue): void {
    this.values.set(name, value);
  }

  problem(severity: Problem['severity'], code: ProblemCode, setting: string, params: Problem['params'] = {}): void {
    this.problems.push({ severity, code, setting, params });
  }

  /** The config object and the printed settings. */
  finish(): Resolved<ConfigOf<R>> {
    const config: Record<string, SettingValue> = {};
    const settings: Record<string, ResolvedSetting> = {};
    for (const [name, setting] of Object.entries<Setting>(this.described)) {
      if (setting.modelled !== 'yes') continue;
      const value = this.resolved(name, setting);
      config[camelCase(name)] = setting.type === 'acks' ? (value === 'all' ? -1 : Number(value)) : value;
      if (setting.since === undefined || versionOrder.indexOf(setting.since) <= versionOrder.indexOf(this.version)) {
        settings[name] = this.printed(name, setting, value);
      }
    }
    for (const [name, value] of this.written) {
      if (!Object.hasOwn(settings, name)) settings[name] = this.printed(name, settingNamed(this.registry, name)!, value);
    }
    // Copied as a whole: engines keep an object that grew name by name as a dictionary, which is several times slower to read.
    return { config: { ...config } as ConfigOf<R>, settings, problems: this.problems };
  }

  private resolved(name: string, setting: Setting): SettingValue {
    const value = this.values.get(name)!;
    return value === null && setting.fallback !== undefined ? this.values.get(setting.fallback)! : value;
  }

  private printed(name: string, setting: Setting, value: SettingValue): ResolvedSetting {
    const source = this.written.has(name) ? 'yours' : 'default';
    const because = this.changed.get(name);
    return { value: printValue(setting, value), source, ...(because === undefined ? {} : { because }) };
  }
}
