/*
 * The four flag bytes at the start of a message. A request says with them what it wants; in a reply only `INFO3` carries
 * something (`last`, `partitionDone`). Source: as/include/base/proto.h of the server.
 */

/** First flag byte: reading. */
export const INFO1 = {
  /** The command reads something. */
  read: 0x01,
  /** All bins are wanted. */
  getAll: 0x02,
  /** A query expected to be short. */
  shortQuery: 0x04,
  /** A batch of rows. */
  batch: 0x08,
  /** Sent by cross-datacentre replication. */
  xdr: 0x10,
  /** Metadata only, no bins. */
  noBinData: 0x20,
  /** Availability mode: ask all replicas and take the newest. */
  readModeApAll: 0x40,
  /** The answer may come compressed. */
  compressResponse: 0x80,
} as const

/** Second flag byte: writing. */
export const INFO2 = {
  /** The command writes something. */
  write: 0x01,
  /** The record is deleted. */
  delete: 0x02,
  /** Only when the record's generation equals the one sent. */
  generation: 0x04,
  /** Only when the generation sent is greater than the record's. */
  generationGreater: 0x08,
  /** The delete leaves a tombstone (Enterprise). */
  durableDelete: 0x10,
  /** Only when there is no record yet. */
  createOnly: 0x20,
  /** A long query that may miss records while partitions move. */
  relaxApLongQuery: 0x40,
  /** Every operation gets a slot in the answer, in order, also those that yield nothing. */
  respondAllOps: 0x80,
} as const

/** Third flag byte: what a write requires of the record, consistency, and marks in replies. */
export const INFO3 = {
  /** Reply: the last message of this answer. */
  last: 0x01,
  /** Answer when the master has it, before the replicas do. */
  commitMaster: 0x02,
  /** Request: partitions are tracked. Reply: one partition is complete. */
  partitionDone: 0x04,
  /** Only when the record exists; other bins stay. */
  updateOnly: 0x08,
  /** All former bins go; the record is created when absent. */
  createOrReplace: 0x10,
  /** All former bins go; only when the record exists. */
  replaceOnly: 0x20,
  /** Strong consistency: lower bit of the read mode. */
  scReadType: 0x40,
  /** Strong consistency: upper bit of the read mode. */
  scReadRelax: 0x80,
} as const

/** Fourth flag byte: transactions, and how much an error explains. */
export const INFO4 = {
  /** Check that the record still has the version sent. */
  mrtVerifyRead: 0x01,
  mrtRollForward: 0x02,
  mrtRollBack: 0x04,
  /** Between servers only. */
  mrtMonitorDriven: 0x08,
  /** Only when this write is the one that locks the record. */
  mrtOnLockingOnly: 0x10,
  /** Two bits: 0 no error details, 1 subcode, 2 also a message, 3 also an expression trace (server 8.2). */
  errorDetails: 0x60,
} as const
