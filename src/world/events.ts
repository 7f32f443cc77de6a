/** Kinds of kernel events. `own` kinds, from {@link firstOwnEvent} on, belong to whoever runs the world. */
export const WorldEvent = { frame: 1, timer: 2, fsync: 3, syn: 4, refused: 5, sent: 6, reset: 7, start: 8 } as const;
export const firstOwnEvent = 16;
