/** Chinese for `--help`, for what is wrong with the words of a command line, and for what `new` lists. */
export const help = {
  'Usage:': '用法:',
  'Arguments:': '参数:',
  'Options:': '选项:',
  'Global Options:': '全局选项:',
  'Commands:': '命令:',
  default: '{description}（默认：{value}）',
  none: '无',
  about: `对 Kafka 消息语义的确定性模拟：哪些配置在哪种故障下会丢失、重复或打乱记录，
并给出一次可以重放的运行作为证明。`,
  ending: `
退出状态:
    0  符合预期
    1  有预期未满足，或有运行与真值表不符
    2  无结论：故障没有生效，或预算用尽
    3  输入有误：选项、文件、配置、场景，或输出无法写入
    4  不确定：同一次运行给出了两条不同的轨迹
    5  内部错误
  130  被中断

示例:
  spillway matrix                            每种配置对每种故障
  spillway matrix --producer.config producer.properties \\
    --topic.config topic.properties          加上你自己的配置
  spillway matrix --consumer.config consumer.properties --table consume
  spillway explain P3g                       这个单元格为什么丢记录
  spillway run acks-1-leader-crash --seed 7  一个场景，两个用例
  spillway run my-scenario.yaml --set producers.p1.config.acks=all
  spillway run scenarios --shard 1/4         一部分；然后 spillway merge *.blob
  spillway new leader-crash my-scenario.ts   从一个现成的场景开始
`,
  help: '显示本帮助',
  'help-command': '显示命令的帮助',
  version: '显示版本',
  'no-color': '不用颜色；也遵从 NO_COLOR 和 FORCE_COLOR',
  quiet: '只输出结果：没有进度，没有警告',
  lang: '供人阅读的输出所用的语言：{known}',
  kafka: '用哪个版本的客户端和 topic 默认值：{known}',
  json: '供机器读取，输出到 stdout',
  mutant: '打开一个故意埋下的缺陷，看它被发现',
  set: '修改场景，可重复：producers.p1.config.acks=1',
  'output-file': '同时把结果写入文件；格式由扩展名决定',
  workers: '线程数；结果与线程数无关',
  full: '更多故障，以及表中折叠的行',
  'producer-config': '你的 producer.properties，单独成一行',
  'broker-config': '你的 server.properties',
  'topic-config': '你的 topic 配置',
  'consumer-config': '你的 consumer.properties，单独成行',
  table: '只要这张表：{known}',
  'shrink-summary': '仍能显示它的最小运行，以及经过',
  shrink: '仍能显示同一异常的最小运行：更少的故障、记录、客户端、broker 和随机选择。并讲述其经过。',
  harm: '针对这种异常，而不是第一个：lost、duplicated……',
  'diff-summary': '两次运行从哪里分岔，各自结果如何',
  diff: '两次运行从哪里分岔：第一个不同的事件，两边各一行，以及各自的结果。只给一次运行并用 --set 时，与未修改的自身比较。',
  'diff-runs': '两个单元格或用例，或者一个加 --set；name@seed 可单独指定种子',
  'judge-summary': '一份历史说明了什么，无论来自本工具还是其他系统',
  judge: '一份操作历史说明了什么：丢失、重复或已中止却被读到的记录，跳过，乱序，自相矛盾；定义与 Jepsen 相同。',
  'search-summary': '复制协议小范围内的每一种行为',
  search:
    '一个小范围内的每一种行为：下一步可以是任何一次送达、定时器、选举或故障。给出打破模型承诺、或造成无从允许的危害的最短行为。',
  'search-replicas': '唯一分区的副本数',
  'search-records': '记录数，每条自成一个批次',
  'search-epochs': 'leader epoch 的个数，含第一个',
  'search-lags': '最多几次发现 follower 不同步',
  'search-moves': '运维人员最多迁移几次 leader',
  'search-crashes': '死掉的 broker 进程数',
  'search-power-losses': '断电的 broker 数',
  'search-depth': '行为的最大步数',
  'search-acks': '生产者的 acks：all、1、0',
  'search-min-isr': 'min.insync.replicas',
  'search-unclean': 'unclean.leader.election.enable=true',
  'search-flush-messages': 'flush.messages',
  'search-truncation': '副本如何找到日志分叉处：{known}',
  'search-time-limit': '到时说明进行到了哪里',
  'search-all': '找到第一个之后继续，每种留一个',
  'search-path': '不搜索，只讲述这一行为',
  'write-history': '把客户端所见写入该文件，供 judge 使用',
  history: 'JSON Lines，或 Jepsen 写出的 EDN；- 表示标准输入',
  'read-by': '消费者如何读取：assign、subscribe；不给则看历史本身',
  'no-ww-deps': '记录的顺序不决定操作的先后：读取形成的环都算异常',
  all: '列出每一个异常，而不只是每种的前几个',
  shard: '只做 n 份中的第 i 份，把结果写给 merge',
  resume: '把已完成的写入该文件，并从它继续',
  'time-limit': '超过这段时间后不再开始新任务：30s、10m、2h',
  reporter: '{known}；各自写到 stdout，或 name=file；在 GitHub 的机器上自动加上 github',
  'merge-summary': '合并各个分片的结果',
  merge: '合并各个分片的结果：打印、写出的内容和退出状态都与一台机器做完全部时相同。',
  'completion-summary': '让 shell 补全命令、选项和名称',
  completion: '让 shell 补全命令、选项和场景名称：source <(spillway completion bash)',
  watch: '场景一有改动就重新运行，直到 ^C',
  'init-folder': '不给则为当前目录',
  'init-summary': '写出一个小项目作为起点',
  init: '写出一个小项目作为起点：一个场景、一个 Vitest 测试、一个 GitHub Actions 任务。已存在的文件保持原样。',
  parts: '每个分片写出的文件，顺序不限',
  grep: '只选名称、论断或标签匹配的场景',
  'matrix-summary': 'acks、retries、提交……的每种配置对每种故障',
  matrix: '每种配置对每种故障：丢失、漏处理、重复或乱序了什么，列成两张表。',
  'matrix-seed': '第一个种子',
  'matrix-seeds': '每个单元格的种子数',
  'run-summary': '运行场景，各自对照预期',
  run: '运行场景，各自对照它自己的预期。',
  'run-scenario': '名称、文件、目录或 名称/用例；不给则为全部自带场景',
  'run-seed': '种子，或一批种子中的第一个',
  'run-seeds': '种子数',
  bail: '遇到第一个未满足的预期就停止',
  'explore-summary': '大量抽取的故障：显示什么，以及最小的运行',
  explore: '对场景做大量运行，每次在其范围内抽取故障、网络与设置：显示了什么、多频繁，以及显示它的最小运行。',
  'explore-seed': '第一个种子；单独给出时只做这一次运行：12，或发现中写的 12+57',
  'explore-seeds': '每个用例运行多少次（默认：{usual}）',
  'explore-bail': '遇到第一个意外即停止',
  strategy: '如何选择运行：{known}',
  out: '把最小的运行作为场景留在该文件夹',
  'soak-summary': '模型允许的一切，寻找没有规则允许的危害',
  soak: '随机抽取模型允许的一切，每次运行两遍：寻找没有规则允许的危害、被违背的承诺、失败或前后不一的运行。',
  scenario: '名称、文件或目录；不给则为全部自带场景',
  'list-summary': '列出场景及其论断',
  list: '列出场景、各自的论断以及用例的预期。',
  'told-run': '矩阵的单元格（P3g、C4a），或 场景/用例',
  'told-seed': '种子；不给则为第一个显示出单元格危害的种子，或 1',
  'replay-summary': '重放同一次运行，核对轨迹哈希',
  'dirty-at': '若在该时刻（如 1500ms）断电，会失去什么',
  replay: '把同一次运行再做两遍，一遍与批量运行时相同，一遍带完整轨迹；两者的哈希必须相同。',
  trace: '打印轨迹的每一行',
  'explain-summary': '一条记录的一生，以及它为何丢失',
  explain:
    '一条记录的一生：在哪里写入、确认、丢失，原因何在；哪个承诺比以为的弱；以及哪些单项改动会改变结局，每一项都用相同的随机选择重新运行。',
  record: 'p1#29 或 cluster；不给则为第一条受害的记录，没有则为集群',
  'timeline-summary': '把一次运行画成时空图：文本、Mermaid、SVG …',
  timeline: '把一次运行画成时空图：与第一条受害记录（或指定的记录）有关的部分，以及消息从哪里发出、在哪里到达。',
  form: '{known}（默认 text）',
  'every-event': '全部事件，而不只是与记录有关的',
  from: '从这一虚拟毫秒起，自第一次发送算起',
  to: '到这一毫秒为止',
  'validate-summary': '检查场景而不运行',
  validate: '检查场景而不运行；给出每个文件的每个问题及其位置。',
  'new-summary': '写出一个现成的场景',
  new: '写出一个现成的场景作为起点。已存在的文件保持原样。',
  template: '不给则列出有哪些',
  file: '.ts、.yaml 或 .yml 文件',
  yaml: '没有给出文件名时，用 YAML 而不是 TypeScript',
} as const;

/** What is wrong with a command line, by the last part of commander's code. */
export const usage = {
  unknownCommand: "没有命令 '{found}'",
  unknownOption: "没有选项 '{found}'",
  missingArgument: "缺少必需的参数 '{found}'",
  optionMissingArgument: "选项 '{found}' 缺少取值",
  excessArguments: "[命令 '{command}' 的]参数过多：应为 {expected|个|个}，实际为 {got} 个",
  meant: '（是不是想写 {names}？）',
  'meant-one-of': '（是不是想写其中之一：{names}？）',
} as const;

/** What `new` writes, by the name of the template. */
export const templates = {
  'leader-crash': 'leader 在 follower 拉取之前崩溃：acks=1 对比 acks=all',
  'lost-ack': '确认丢失，生产者重试：没有幂等对比有幂等',
  'power-loss': '所有 broker 在任何内容刷盘之前断电：页缓存对比 log.flush.interval.messages=1',
} as const;
