declare module 'seedrandom/lib/tychei.js' {
  interface Stream {
    /** A signed 32-bit integer. */
    int32(): number;
  }
  const tychei: (seed: string) => Stream;
  export default tychei;
}
