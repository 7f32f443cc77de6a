/** The module that the build makes of `scenarios/` (see `scripts/scenario-module.mjs`). */
declare module 'spillway-scenarios' {
  /** A TypeScript scenario as its data, or a YAML one as its text; `file` as the repository has it: `scenarios/name.ts`. */
  export const shipped: readonly { readonly file: string; readonly definition?: unknown; readonly text?: string }[];
}
