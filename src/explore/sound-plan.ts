/** Plans that were changed step by step: some changes leave a plan that nothing can be made of. */
import { AssertionError } from '../base/assert.ts';
import { type CompiledPlan, compile } from '../cluster/compile.ts';
import type { Plan } from '../plan/plan.ts';

/** Null when the plan is not sound: settings or replicas that ask for brokers that are gone, for example. Any other failure is a bug. */
export function compileIfSound(plan: Plan): CompiledPlan | null {
  try {
    return compile(plan);
  } catch (error) {
    if (error instanceof AssertionError) return null;
    throw error;
  }
}
