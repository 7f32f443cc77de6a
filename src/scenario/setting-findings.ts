/** Problems of Kafka settings as findings of a scenario. */
import { type Registry, settingNames } from '../kafka/config/setting.ts';
import type { Problem } from '../kafka/config/value.ts';
import { nearest } from './nearest.ts';
import type { Finding, Path } from './problem.ts';

/** Problems of settings, at their keys; an unknown name gets the nearest right one. */
export function settingFindings(problems: readonly Problem[], path: Path, registry: Registry): Finding[] {
  return problems.map((problem) => {
    const unknown = problem.code === 'unknown-setting';
    const { found, allowed, ...params } = problem.params;
    return {
      severity: problem.severity,
      code: problem.code,
      path: [...path, problem.setting],
      atKey: unknown,
      ...(unknown ? { found: problem.setting, nearest: nearest(problem.setting, settingNames(registry)) } : {}),
      ...(!unknown && found !== undefined ? { found: String(found) } : {}),
      ...(allowed === undefined ? {} : { allowed: String(allowed).split(', ') }),
      params,
    };
  });
}
