/*
 * Every option once. Types, defaults, checks and the printed reference all come from these tables.
 *
 * Numbers are written out because an exported table must be readable without inference. 2_147_483_647 is the longest
 * time a Node timer can wait, in milliseconds (24.8 days), and the largest signed 32-bit count.
 *
 * The comment above a row is what an editor shows; it says the same as the row's `sentence`, and a test compares them.
 */

/**
 * The settings of a behavior. `kinds`, `shapes` and `modes` say which operations a setting can affect at all; a patch
 * on a scope outside of them is refused.
 */
export const SETTING_OPTIONS = {
  /** Time for the whole call: waiting, connecting, sending, every retry. 0 is unlimited. */
  totalTimeout: {
    type: 'duration',
    default: 30_000,
    min: 0,
    max: 2_147_483_647,
    sentence: 'Time for the whole call: waiting, connecting, sending, every retry. 0 is unlimited.',
  },
  /** Time for one attempt, within the total. 0 leaves only the total. */
  socketTimeout: {
    type: 'duration',
    default: 5_000,
    min: 0,
    max: 2_147_483_647,
    sentence: 'Time for one attempt, within the total. 0 leaves only the total.',
  },
  /** Attempts after the first one. */
  maxRetries: {
    type: 'integer',
    unit: 'retries',
    default: 2,
    min: 0,
    max: 2_147_483_647,
    sentence: 'Attempts after the first one.',
  },
  /** Pause before each retry. */
  retryDelay: {
    type: 'duration',
    default: 0,
    min: 0,
    max: 2_147_483_647,
    sentence: 'Pause before each retry.',
  },
  /** Whether the key that was given is sent and stored beside its digest. */
  sendKey: {
    type: 'flag',
    default: true,
    sentence: 'Whether the key that was given is sent and stored beside its digest.',
  },
  /** Whether a delete leaves a tombstone, so that the record cannot come back. Enterprise servers only. */
  durableDelete: {
    type: 'flag',
    default: false,
    kinds: ['WRITE_RETRYABLE', 'WRITE_NON_RETRYABLE'],
    sentence:
      'Whether a delete leaves a tombstone, so that the record cannot come back. Enterprise servers only.',
  },
  /** Who must have written before a write succeeds: master and replicas, or the master alone. */
  commitLevel: {
    type: 'choice',
    values: ['COMMIT_ALL', 'COMMIT_MASTER'],
    default: 'COMMIT_ALL',
    kinds: ['WRITE_RETRYABLE', 'WRITE_NON_RETRYABLE'],
    modes: ['AP'],
    sentence: 'Who must have written before a write succeeds: master and replicas, or the master alone.',
  },
  /** Which copy of a partition is asked first, and where retries go. */
  replica: {
    type: 'choice',
    values: ['MASTER', 'MASTER_PROLES', 'SEQUENCE', 'PREFER_RACK', 'RANDOM'],
    default: 'SEQUENCE',
    sentence: 'Which copy of a partition is asked first, and where retries go.',
  },
  /** How many copies a read consults while partitions migrate, in available namespaces. */
  readModeAp: {
    type: 'choice',
    values: ['ONE', 'ALL'],
    default: 'ONE',
    modes: ['AP'],
    sentence: 'How many copies a read consults while partitions migrate, in available namespaces.',
  },
  /** What a read promises in strongly consistent namespaces. */
  readModeSc: {
    type: 'choice',
    values: ['SESSION', 'LINEARIZE', 'ALLOW_REPLICA', 'ALLOW_UNAVAILABLE'],
    default: 'SESSION',
    modes: ['SC'],
    sentence: 'What a read promises in strongly consistent namespaces.',
  },
  /** Whether requests and answers are compressed. */
  useCompression: {
    type: 'flag',
    default: false,
    sentence: 'Whether requests and answers are compressed.',
  },
  /** Smallest request that is compressed, when compression is on. */
  compressionThreshold: {
    type: 'integer',
    unit: 'bytes',
    default: 128,
    min: 0,
    max: 2_147_483_647,
    sentence: 'Smallest request that is compressed, when compression is on.',
  },
  /** Nodes that work on one batch or query at a time. 0 is all of them. */
  maxConcurrentNodes: {
    type: 'integer',
    unit: 'nodes',
    default: 0,
    min: 0,
    max: 2_147_483_647,
    shapes: ['BATCH', 'QUERY'],
    sentence: 'Nodes that work on one batch or query at a time. 0 is all of them.',
  },
  /** Records of a query that may wait for the reader before the sockets are paused. */
  recordQueueSize: {
    type: 'integer',
    unit: 'records',
    default: 5_000,
    min: 1,
    max: 2_147_483_647,
    shapes: ['QUERY'],
    sentence: 'Records of a query that may wait for the reader before the sockets are paused.',
  },
  /** Bytes of a query's answers that may wait for the reader, likewise: the smaller of the two bounds counts. */
  recordQueueBytes: {
    type: 'integer',
    unit: 'bytes',
    default: 16_777_216,
    min: 1,
    max: 2_147_483_647,
    shapes: ['QUERY'],
    sentence:
      "Bytes of a query's answers that may wait for the reader, likewise: the smaller of the two bounds counts.",
  },
  /** Whether the server may answer batch rows of namespaces in memory on the thread that received the batch. */
  allowInline: {
    type: 'flag',
    default: true,
    shapes: ['BATCH'],
    sentence:
      'Whether the server may answer batch rows of namespaces in memory on the thread that received the batch.',
  },
  /** The same for namespaces on flash storage. */
  allowInlineSsd: {
    type: 'flag',
    default: false,
    shapes: ['BATCH'],
    sentence: 'The same for namespaces on flash storage.',
  },
  /** A read in this last share of a record's life renews it. 0 is the server's own default, -1 is never. */
  readTouchTtlPercent: {
    type: 'integer',
    unit: 'percent',
    default: 0,
    min: -1,
    max: 100,
    kinds: ['READ'],
    shapes: ['POINT', 'BATCH'],
    sentence:
      "A read in this last share of a record's life renews it. 0 is the server's own default, -1 is never.",
  },
} as const

/** The settings of a cluster as a whole. */
export const SYSTEM_OPTIONS = {
  /** Connections kept open to each node even when nothing happens. */
  minConnectionsPerNode: {
    type: 'integer',
    unit: 'connections',
    default: 0,
    min: 0,
    max: 65_535,
    sentence: 'Connections kept open to each node even when nothing happens.',
  },
  /** Most connections to one node, of all kinds together. */
  maxConnectionsPerNode: {
    type: 'integer',
    unit: 'connections',
    default: 100,
    min: 1,
    max: 65_535,
    sentence: 'Most connections to one node, of all kinds together.',
  },
  /** Known to the other SDKs, which split a pool between threads; here one thread does the work and one pool serves it, so the number changes nothing. */
  connPoolsPerNode: {
    type: 'integer',
    unit: 'pools',
    default: 1,
    min: 1,
    max: 65_535,
    sentence:
      'Known to the other SDKs, which split a pool between threads; here one thread does the work and one pool serves it, so the number changes nothing.',
  },
  /** A connection that was not used for this long is closed. */
  maxSocketIdleTime: {
    type: 'duration',
    default: 55_000,
    min: 1,
    max: 2_147_483_647,
    sentence: 'A connection that was not used for this long is closed.',
  },
  /** Time between two looks at the cluster. */
  tendInterval: {
    type: 'duration',
    default: 1_000,
    min: 1,
    max: 2_147_483_647,
    sentence: 'Time between two looks at the cluster.',
  },
  /** Time for one node to answer when the cluster is looked at. */
  tendTimeout: {
    type: 'duration',
    default: 1_000,
    min: 1,
    max: 2_147_483_647,
    sentence: 'Time for one node to answer when the cluster is looked at.',
  },
  /** Time for a server to let a connection in, where logins are wanted. */
  loginTimeout: {
    type: 'duration',
    default: 5_000,
    min: 1,
    max: 2_147_483_647,
    sentence: 'Time for a server to let a connection in, where logins are wanted.',
  },
  /** Errors of one node within the window after which its requests fail at once. 0 turns this off. */
  maxErrorRate: {
    type: 'integer',
    unit: 'errors',
    default: 100,
    min: 0,
    max: 2_147_483_647,
    sentence: 'Errors of one node within the window after which its requests fail at once. 0 turns this off.',
  },
  /** Length of the window in which errors are counted. */
  errorRateWindow: {
    type: 'integer',
    unit: 'tend intervals',
    default: 1,
    min: 1,
    max: 2_147_483_647,
    sentence: 'Length of the window in which errors are counted.',
  },
  /** Whether several requests may be under way on one plain TCP connection. */
  pipelining: {
    type: 'choice',
    values: ['auto', 'off'],
    default: 'auto',
    sentence: 'Whether several requests may be under way on one plain TCP connection.',
  },
  /** Whether threads stay awake for a near server's answer to a request that is alone: the event loop, some 2 µs sooner for 3 µs of processor time, and the calling thread of blocking calls with its worker. */
  wakefulWait: {
    type: 'choice',
    values: ['auto', 'off'],
    default: 'auto',
    sentence:
      "Whether threads stay awake for a near server's answer to a request that is alone: the event loop, some 2 µs sooner for 3 µs of processor time, and the calling thread of blocking calls with its worker.",
  },
} as const
