/** What the benchmark calls of packages that have no types of their own. */
declare module 'js-simulator' {
  interface SimEvent {
    update: () => void;
  }
  interface Scheduler {
    scheduleOnceIn(event: SimEvent, delay: number): void;
    hasEvents(): boolean;
    update(): void;
  }
  const jssim: { readonly SimEvent: new (rank: number) => SimEvent; readonly Scheduler: new () => Scheduler };
  export default jssim;
}
declare module 'simjs';
