/** The forms of a timeline, for `--format`. */
export const timelineFormats = ['text', 'mermaid', 'svg', 'shiviz', 'perfetto'] as const;
export type TimelineFormat = (typeof timelineFormats)[number];
