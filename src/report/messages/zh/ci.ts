/** Chinese for campaigns that are cut short or shared among machines, and for what a CI is told. */
export const ci = {
  'time-limit': '已因 --time-limit 停止：完成 {done:thousands} / {of:thousands} 个任务',
  interrupted: '被中断：完成 {done:thousands} / {of:thousands} 个任务',
  'shard-done': '分片 {shard}：完成 {done:thousands} / {of:thousands} 个任务',
  'shard-was-done': '分片 {shard}：{done:thousands} / {of:thousands} 个任务先前已完成',
  summary:
    '共检查 {checks:thousands} 项：{good:thousands} 项符合预期，{broken:thousands} 项未满足，{inconclusive:thousands} 项无结论',
  'column-check': '项目',
  'column-what': '结果',
  'column-again': '重现',
  'more-rows': '另有 {count:thousands} 项',
  printed: '打印的内容',
} as const;
