/** Chinese for what single changes would have made of a run. */
export const whatIf = {
  heading: '每次只改一处，随机选择相同：',
  moved: '{harm} {before:thousands} → {after:thousands}',
  none: '试过的都无济于事',
  more: '更糟',
  unchanged: '没有差别',
  unread: '从未读取',
  refused: '被拒绝',
  inconclusive: '说明不了什么',
  'a-fault-never-bit': '这时故障没有触及任何东西',
  'budget-ended': '事件预算先用尽了',
  'cannot-tell': '结束时有分区没有 leader 可查',
  parting: '两次运行从哪里分岔',
} as const;
