/*
 * What the calling thread and the worker share: a table of words, and two rings of bytes, one in each direction.
 *
 *   control  64 words, see CONTROL
 *   requests ring, calling thread → worker
 *   answers  ring, worker → calling thread
 */

/** Words of the control table. */
export const CONTROL = {
  /** One of {@link STATE}. */
  state: 0,
  /** Grows when there is something for the worker, or for the calling thread: what each waits on. */
  toWorker: 1,
  toCaller: 2,
  /** Grows when nodes or partitions have changed. */
  topology: 3,
  /** Grows while the worker's event loop turns. */
  heartbeat: 4,
  requestsRead: 5,
  requestsWritten: 6,
  answersRead: 7,
  answersWritten: 8,
  /** 1 while the worker has answers that found no room. */
  answersWait: 9,
  /** 1 while the calling thread waits for room for a request. */
  requestsWait: 10,
  /** How the worker sleeps, one of {@link SLEEP}: only then does it have to be woken. */
  workerSleeps: 11,
  /** The same of the calling thread. */
  callerSleeps: 12,
  /** Grows when the worker has said something at the message port: looking there is not cheap. */
  said: 13,
  /** Grows when the worker, blocked, is woken. */
  toBlockedWorker: 14,
  /** The number by which the operating system knows the worker's thread; 0 where it cannot be found out. */
  thread: 15,
} as const

/** Where the worker is. */
export const STATE = { loading: 0, ready: 1, ended: 2 } as const

/** Whether and how the worker sleeps: in its event loop, or blocked for a moment, which is cheaper to end. */
export const SLEEP = { awake: 0, inLoop: 1, blocked: 2 } as const

/** Kinds of messages to the worker. */
export const REQUEST = {
  /** A request; `detail` is the node's number and flags of {@link SUBMIT_FLAG}, `time` the milliseconds it has. */
  submit: 1,
  /** Nobody waits for the answer any more; `detail` is 1 where what is still to come is worth reading, to use the connection on. */
  cancel: 2,
  /** `detail` is the number of a node that made an error. */
  nodeError: 3,
  /** Look at the cluster soon. */
  wake: 4,
  /** Tell nodes and partitions. */
  topology: 5,
  /** Whoever waits for the answer cannot keep up with it, when `detail` is 0; when 1, they have caught up. */
  read: 6,
} as const

/** What `detail` of a submitted request says beside the node: its number stands above these bits. */
export const SUBMIT_FLAG = { exclusive: 1, repeatable: 2, severalFrames: 4, stream: 8 } as const
export const SUBMIT_FLAG_BITS = 4

/** Kinds of messages to the calling thread. */
export const ANSWER = {
  /** A frame; `detail` is its type and flags of {@link FRAME_FLAG}. */
  frame: 1,
  /** An attempt has failed; `detail` is kind and phase, `time` how late the worker's event loop was, the rest the cause. */
  failure: 2,
  /** There is something at the message port. */
  port: 3,
} as const

/** What `detail` of a frame says: its type stands above these bits. */
export const FRAME_FLAG = { last: 1, loginRenewed: 2 } as const
export const FRAME_FLAG_BITS = 2

/** A piece of a message that is too long for the ring; the rest follows. In both directions. */
export const PIECE = 15

/** The worker's loop shows that it turns this often. */
export const HEARTBEAT_MS = 500
/** Without a sign of life for so long, the worker counts as dead: from its start, and later. */
export const START_MS = 8000
export const SILENCE_MS = 15_000

const CONTROL_BYTES = 256
const REQUEST_BYTES = 256 * 1024
/** Three frames of a query, which are 1 MiB and a record each: what has no room waits in memory that is taken for it. */
const ANSWER_BYTES = 4 * 1024 * 1024

/** The shared memory, as both sides see it. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer
  readonly control: Int32Array
  readonly requests: { readonly offset: number; readonly bytes: number }
  readonly answers: { readonly offset: number; readonly bytes: number }
}

/** The memory in `buffer`, or in a new one. */
export function sharedMemory(
  buffer: SharedArrayBuffer = new SharedArrayBuffer(CONTROL_BYTES + REQUEST_BYTES + ANSWER_BYTES),
): SharedMemory {
  const offset = CONTROL_BYTES
  return {
    buffer,
    control: new Int32Array(buffer, 0, CONTROL_BYTES / 4),
    requests: { offset, bytes: REQUEST_BYTES },
    answers: { offset: offset + REQUEST_BYTES, bytes: ANSWER_BYTES },
  }
}
